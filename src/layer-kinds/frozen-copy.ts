/** Copies lists and objects to any depth, and freezes the copy. Functions stay the same. */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, frozenCopy(item)] as const)
  const copy = Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
  return Object.freeze(copy) as T
}
