/** Milliseconds of a call: the median of some groups of calls, after one that is not counted. */
export function millisecondsOf(call: () => unknown): number {
  const groups = Array.from({ length: 11 }, () => {
    const from = performance.now()
    for (let i = 0; i < 50; i++) call()
    return (performance.now() - from) / 50
  })
  return groups.slice(1).sort((a, b) => a - b)[5]!
}
