/**
 * A value in the words of error messages: numbers and texts as they are, the kind of everything
 * else.
 */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return `${value}`
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value)
  return Array.isArray(value) ? 'a list' : typeof value
}
