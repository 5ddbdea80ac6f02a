/** The tests of levels in their order, up to the first that failed. */
export function testUntilFailure<Level, Tested extends { readonly passed: boolean }>(
  levels: readonly Level[],
  test: (level: Level) => Tested,
): Tested[] {
  const tested: Tested[] = []
  for (const level of levels) {
    tested.push(test(level))
    if (!tested.at(-1)!.passed) break
  }
  return tested
}
