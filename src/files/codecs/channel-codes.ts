import { inPortions, type Work } from '../model/work.js'
import { largestFloat32 } from './largest-finite.js'

/** Values as whole numbers from -127 to 127, with a step per output channel. */
export interface Int8Values {
  /** One for each value. */
  readonly codes: Int8Array
  /** Step of the channel with the largest value: float32. */
  readonly scale: number
  /**
   * One for each channel that has values, in ascending order: its step is scale * 2^(-byte / 16).
   */
  readonly steps: Uint8Array
}

/**
 * 2^(-i / 16), written out: `Math.pow` may differ from engine to engine in the last bit;
 * `Math.SQRT1_2` does not.
 */
const SIXTEENTHS = [
  1,
  0.9576032806985737,
  0.9170040432046712,
  0.8781260801866497,
  0.8408964152537145,
  0.8052451659746271,
  0.7711054127039704,
  0.7384130729697497,
  Math.SQRT1_2,
  0.6771277734684463,
  0.6484197773255048,
  0.620928906036742,
  0.5946035575013605,
  0.5693943173783458,
  0.5452538663326288,
  0.5221368912137069,
] as const
const LARGEST_CODE = 127
const LARGEST_STEP = 255

/**
 * Symmetric 8-bit codes: code = round(value / s), s = scale 2^(-step / 16) of the value's channel,
 * nothing clipped.
 *
 * The scale is the largest |value| / 127, rounded up to float32 (down where 127 scale would be no
 * float32). The step byte of a channel with largest |value| a is the largest with 127 s >= a.
 * Beside the rounding to float32, the error is at most s / 2: 2^(1/16) / 254 = 0.41 % of a, or
 * 2^(-255/16) / 254 = 6.3e-8 of the weight's largest |value| in channels that are 63,000 times
 * smaller than that. All arithmetic is additions, multiplications and divisions of float64, so that
 * every engine makes the same bytes.
 *
 * @param values Finite values, such as those that a mask keeps.
 * @param channels Output channel of each value.
 */
export function* encodeInt8(values: Float32Array, channels: Uint32Array): Work<Int8Values> {
  const { of, count } = yield* placesOfChannels(channels)
  const largest = new Float64Array(count)
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      const place = of[channels[i]!]!
      largest[place] = Math.max(largest[place]!, Math.abs(values[i]!))
    }
  })
  const scale = roundedUp(largest.reduce((a, b) => Math.max(a, b), 0) / LARGEST_CODE)
  const steps = Uint8Array.from(largest, (value) => smallestStep(value, scale))
  const sizes = stepSizes({ steps, scale })
  const codes = new Int8Array(values.length)
  if (scale === 0) return { codes, scale, steps }
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) codes[i] = Math.round(values[i]! / sizes[of[channels[i]!]!]!)
  })
  return { codes, scale, steps }
}

/** Values of the codes: code * s in float64, then rounded to float32; zeros are +0. */
export function* decodeInt8(
  { codes, scale, steps }: Int8Values,
  channels: Uint32Array,
): Work<Float32Array<ArrayBuffer>> {
  const { of } = yield* placesOfChannels(channels)
  const sizes = stepSizes({ steps, scale })
  const values = new Float32Array(codes.length)
  yield* inPortions(codes.length, (from, to) => {
    for (let i = from; i < to; i++)
      values[i] = Math.fround(codes[i]! * sizes[of[channels[i]!]!]!) + 0
  })
  return values
}

/** Place of each channel among those that occur, in ascending order. */
function* placesOfChannels(channels: Uint32Array): Work<{ of: Uint32Array; count: number }> {
  let end = 0
  yield* inPortions(channels.length, (from, to) => {
    let most = end
    for (let i = from; i < to; i++) if (channels[i]! >= most) most = channels[i]! + 1
    end = most
  })
  const of = new Uint32Array(end)
  yield* inPortions(channels.length, (from, to) => {
    for (let i = from; i < to; i++) of[channels[i]!] = 1
  })
  let count = 0
  for (let i = 0; i < of.length; i++) if (of[i] === 1) of[i] = count++
  return { of, count }
}

/**
 * The smallest float32 that is not below the value, or the largest one below it where 127 steps
 * would be no float32.
 */
function roundedUp(value: number): number {
  const nearest = Math.fround(value)
  if (nearest >= value)
    return nearest * LARGEST_CODE > largestFloat32 ? neighbour(nearest, -1) : nearest
  const above = neighbour(nearest, 1)
  return above * LARGEST_CODE > largestFloat32 ? nearest : above
}

/** The next float32 above or below a float32 of at least 0. */
function neighbour(value: number, by: 1 | -1): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)
  bits[0]! += by
  return new Float32Array(bits.buffer)[0]!
}

/** The largest byte whose step still reaches the value with code 127. */
function smallestStep(largest: number, scale: number): number {
  let byte = LARGEST_STEP
  while (byte > 0 && stepSize(scale, byte) * LARGEST_CODE < largest) byte--
  return byte
}

/** Step of each channel that has values, in ascending order. */
export function stepSizes({ steps, scale }: Omit<Int8Values, 'codes'>): Float64Array {
  return Float64Array.from(steps, (byte) => stepSize(scale, byte))
}

function stepSize(scale: number, byte: number): number {
  return (scale * SIXTEENTHS[byte & 15]!) / (1 << (byte >> 4))
}
