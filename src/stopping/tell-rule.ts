/** The call that made a rule: the factory and its arguments. */
type Call = readonly [factory: string, ...args: readonly unknown[]]

/**
 * Names a rule as a caller writes it, such as `falseNegativesAtMost(3)`, by the name that every
 * function has: results and reports tell it. Options that are left out are not told.
 */
export function tellRule<R extends (rounds: never) => unknown>(
  rule: R,
  [factory, ...args]: Call,
): R {
  const told = args.map(inCode).filter((text) => text !== '' && text !== '{}')
  return Object.defineProperty(rule, 'name', { value: `${factory}(${told.join(', ')})` })
}

/** A value as it is written in code; functions by their names. */
function inCode(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'function') return value.name || 'a function'
  if (typeof value === 'string') return `'${value}'`
  if (typeof value !== 'object' || value === null) return `${value}`
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const pairs = entries.map(([name, one]) => `${name}: ${inCode(one)}`)
  return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}'
}
