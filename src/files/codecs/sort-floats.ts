import { inPortions, type Work } from '../model/work.js'

/** Lists below so many values are sorted by the platform. */
const FEW = 2 ** 12
/** Bits of a digit: three digits of a float32. */
const DIGIT = 11
const DIGITS = 2 ** DIGIT

/** The values in ascending order, NaN aside: a radix sort, whose time is linear. */
export function* sortFloats(values: Float32Array): Work<Float32Array> {
  if (values.length < FEW) return values.slice().sort()
  let from = new Uint32Array(values.length)
  let to = new Uint32Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  yield* inPortions(values.length, (start, end) => {
    // Keys in the order of the values: negative ones reversed, below the others.
    for (let i = start; i < end; i++) from[i] = bits[i]! ^ ((bits[i]! >> 31) | 0x8000_0000)
  })
  for (let shift = 0; shift < 32; shift += DIGIT) {
    yield* sortByDigit(from, to, shift)
    ;[from, to] = [to, from]
  }
  yield* inPortions(values.length, (start, end) => {
    for (let i = start; i < end; i++) from[i] = from[i]! ^ ((~from[i]! >> 31) | 0x8000_0000)
  })
  return new Float32Array(from.buffer)
}

/** A stable sort by the bits of one digit. */
function* sortByDigit(from: Uint32Array, to: Uint32Array, shift: number): Work<void> {
  const places = new Uint32Array(DIGITS + 1)
  yield* inPortions(from.length, (start, end) => {
    for (let i = start; i < end; i++) places[((from[i]! >>> shift) & (DIGITS - 1)) + 1]!++
  })
  for (let digit = 1; digit < DIGITS; digit++) places[digit]! += places[digit - 1]!
  yield* inPortions(from.length, (start, end) => {
    for (let i = start; i < end; i++) to[places[(from[i]! >>> shift) & (DIGITS - 1)]!++] = from[i]!
  })
}
