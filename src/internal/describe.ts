/**
 * A value in the words of error messages: numbers as they are, texts in quotes, the kind of
 * everything else.
 */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return `${value}`
  if (typeof value === 'string') return JSON.stringify(value)
  return Array.isArray(value) ? 'a list' : typeof value
}
