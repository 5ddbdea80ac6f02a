/**
 * Whether a value is a promise. It is one that its caller refuses: a failure of its own, which nobody
 * waits for, would end the process.
 */
export function quietPromise(value: unknown): boolean {
  if (typeof Object(value).then !== 'function') return false
  Promise.resolve(value).catch(() => {})
  return true
}
