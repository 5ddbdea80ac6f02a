/** Throws unless `met`: an Error that says what was expected and what was got. */
export function expectThat(met: boolean, wanted: string, got: unknown): void {
  if (!met) throw new Error(`Expected ${wanted}, got ${shown(got)}`)
}

/** Throws unless both are equal down to the last part; NaN equals NaN, and -0 is not 0. */
export function expectSame(got: unknown, wanted: unknown, what: string): void {
  expectThat(isSame(got, wanted), `${what} to be ${shown(wanted)}`, got)
}

/** Throws unless `value` is one of `allowed`. */
export function expectOneOf(value: unknown, allowed: readonly unknown[], what: string): void {
  expectThat(allowed.includes(value), `${what} to be one of ${shown(allowed)}`, value)
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b) || ArrayBuffer.isView(a) !== ArrayBuffer.isView(b))
    return false
  const [left, right] = [a, b].map((one) =>
    Object.entries(one).filter(([, value]) => value !== undefined),
  )
  const other = new Map(right)
  return (
    left!.length === right!.length &&
    left!.every(([key, value]) => other.has(key) && isSame(value, other.get(key)))
  )
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const text =
    JSON.stringify(ArrayBuffer.isView(value) ? Object.values(value) : value) ?? String(value)
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}
