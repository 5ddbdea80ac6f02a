import { checkIsMask } from './check-is-mask.js'
import { checkTotals } from './check-totals.js'
import { checkValues } from './check-values.js'
import { countMask, type Mask } from './mask.js'

/** Header of an encoded mask. */
interface MaskHeader {
  readonly parameters: number
  readonly weights: readonly {
    name: string
    layer: string
    role: string
    shape: readonly number[]
  }[]
}

const MAGIC = 0x4b53_4d50 // 'PMSK' in little-endian order
const VERSION = 1
const PREAMBLE = 12

/**
 * Writes a mask as bytes: a JSON header, then one bit a weight.
 *
 * Layout, little-endian: `PMSK`, version (uint32), length of the header in bytes (uint32), the
 * header as UTF-8 JSON (`parameters`, and per weight `name`, `layer`, `role`, `shape`), then for
 * each weight its values in flat order, eight to a byte from the lowest bit, the last byte of a
 * weight filled up with zeros.
 *
 * @param mask The mask.
 * @returns The bytes, about size / 8.
 * @throws {TypeError} If `mask` is no mask, or has more or fewer values than its shapes say.
 * @throws {RangeError} If a value is neither 0 nor 1, a weight counts other values as kept, or the
 *   totals of the mask are not those of its weights.
 *
 * @example
 * ```ts
 * import { createMask, decodeMask, encodeMask } from 'tfjs-prune'
 *
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', shape: [3], values: Uint8Array.of(1, 0, 1) }
 * const copy = decodeMask(encodeMask(createMask([weight], 3)))
 * if (copy.weights[0]!.values.join() !== '1,0,1') throw new Error('the mask comes back')
 * ```
 */
export function encodeMask(mask: Mask): Uint8Array {
  const task = 'encode the mask'
  checkIsMask(mask, task)
  for (const weight of mask.weights) checkValues(weight, task)
  checkTotals(mask, task)
  const weights = mask.weights.map(({ name, layer, role, shape }) => ({ name, layer, role, shape }))
  const header = new TextEncoder().encode(JSON.stringify({ parameters: mask.parameters, weights }))
  const bitBytes = mask.weights.reduce((sum, { values }) => sum + Math.ceil(values.length / 8), 0)
  const bytes = new Uint8Array(PREAMBLE + header.length + bitBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, VERSION, true)
  view.setUint32(8, header.length, true)
  bytes.set(header, PREAMBLE)
  let offset = PREAMBLE + header.length
  for (const { values } of mask.weights) {
    for (let i = 0; i < values.length; i++) bytes[offset + (i >> 3)]! |= values[i]! << (i & 7)
    offset += Math.ceil(values.length / 8)
  }
  return bytes
}

/**
 * Reads a mask from bytes that {@link encodeMask} wrote.
 *
 * @param bytes The bytes.
 * @returns The mask; check it against a model with `checkMask`.
 * @throws {TypeError} If `bytes` is no Uint8Array.
 * @throws {RangeError} If the bytes are no mask, of an unknown version, cut off, too long or
 *   contradict themselves. Nothing is allocated for weights that the bytes cannot hold.
 *
 * @example
 * ```ts
 * import { decodeMask } from 'tfjs-prune'
 *
 * let message = ''
 * try {
 *   decodeMask(new Uint8Array(40))
 * } catch (error) {
 *   message = (error as RangeError).message
 * }
 * if (!message.startsWith('Cannot decode the mask')) throw new Error('zeros are no mask')
 * ```
 */
export function decodeMask(bytes: Uint8Array): Mask {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`Cannot decode the mask: expected a Uint8Array, got ${typeof bytes}`)
  }
  const { header, end } = readHeader(bytes)
  const sizes = header.weights.map(({ shape }) =>
    shape.reduce((product, side) => product * side, 1),
  )
  const wanted = sizes.reduce((sum, size) => sum + Math.ceil(size / 8), end)
  if (wanted !== bytes.length) throw refuse(`${wanted} bytes`, `${bytes.length}`)
  let offset = end
  const weights = header.weights.map(({ name, layer, role, shape }, index) => {
    const values = new Uint8Array(sizes[index]!)
    for (let i = 0; i < values.length; i++) values[i] = (bytes[offset + (i >> 3)]! >> (i & 7)) & 1
    offset += Math.ceil(values.length / 8)
    const behind = (values.length & 7) > 0 ? bytes[offset - 1]! >> (values.length & 7) : 0
    if (behind !== 0) throw refuse(`bits 0 behind the values of ${name}`, 'others')
    return { name, layer, role, shape, values }
  })
  return countMask(weights, header.parameters)
}

function readHeader(bytes: Uint8Array): { header: MaskHeader; end: number } {
  if (bytes.length < PREAMBLE) throw refuse(`at least ${PREAMBLE} bytes`, `${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw refuse('bytes that start with PMSK', 'others')
  const version = view.getUint32(4, true)
  if (version !== VERSION) throw refuse(`version ${VERSION}`, `${version}`)
  const end = PREAMBLE + view.getUint32(8, true)
  if (end > bytes.length)
    throw refuse(`a header of ${end - PREAMBLE} bytes`, `${bytes.length - PREAMBLE}`)
  const header = parseHeader(bytes.subarray(PREAMBLE, end))
  if (!isHeader(header)) throw refuse('a header with parameters and weights', 'another one')
  return { header, end }
}

function parseHeader(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refuse('a header in JSON', 'a broken one')
  }
}

function isHeader(header: unknown): header is MaskHeader {
  const { parameters, weights } = (header ?? {}) as Partial<MaskHeader>
  const isText = (value: unknown) => typeof value === 'string'
  const isSide = (value: unknown) => Number.isInteger(value) && (value as number) > 0
  return (
    Number.isInteger(parameters) &&
    Array.isArray(weights) &&
    weights.every(
      (weight) =>
        [weight?.name, weight?.layer, weight?.role].every(isText) &&
        Array.isArray(weight.shape) &&
        weight.shape.every(isSide),
    )
  )
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot decode the mask: expected ${wanted}, got ${got}`)
}
