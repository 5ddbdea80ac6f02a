import { bytesOf } from '../files/codecs/bytes.js'

/** Whether plain data are the same to the bit, typed arrays among them. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return isSameArray(a, b)
  const [own, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>]
  const keys = Object.keys(own)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameData(own[key], other[key]))
  )
}

function isSameArray(a: object, b: object): boolean {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.byteLength !== b.byteLength)
    return false
  const [own, other] = [bytesOf(a), bytesOf(b)]
  for (let i = 0; i < own.length; i++) if (own[i] !== other[i]) return false
  return a.constructor === b.constructor
}
