import { describe } from '../internal/describe.js'
import type { Shape } from './network/network.js'

/** A tensor, as far as it is read here. */
export interface TensorLike {
  readonly shape: readonly number[]
  /** The elements, row-major. */
  readonly dataSync: () => ArrayLike<number>
}

/** Samples of one input, row-major: a typed array of whole samples, or a tensor `[n, ...shape]`. */
export type SparseInput = Float32Array | Uint8Array | Int32Array | TensorLike

/** The inputs of a network as floats, and how many samples they hold. */
export interface ReadInputs {
  readonly batch: number
  readonly values: readonly Float32Array[]
}

const task = 'predict'

/** Throws unless there is one input of finite numbers for each shape, with as many samples each. */
export function readInputs(
  given: SparseInput | readonly SparseInput[],
  shapes: readonly Shape[],
): ReadInputs {
  const inputs = (Array.isArray(given) ? given : [given]) as readonly SparseInput[]
  if (inputs.length !== shapes.length) {
    throw new RangeError(
      `Cannot ${task}: expected ${count(shapes.length, 'input')}, got ${inputs.length}`,
    )
  }
  const values = inputs.map((input, index) => floatsOf(input, shapes[index]!))
  const counts = values.map(({ length }, index) => length / sizeOf(shapes[index]!))
  const batch = counts[0]!
  const other = counts.find((samples) => samples !== batch)
  if (other !== undefined) {
    throw new RangeError(
      `Cannot ${task}: expected as many samples in each input, got ${counts.join(' and ')}`,
    )
  }
  return { batch, values }
}

export const sizeOf = (shape: Shape): number => shape.reduce((size, length) => size * length, 1)

function floatsOf(input: SparseInput, shape: Shape): Float32Array {
  const wanted = `[samples, ${shape.join(', ')}]`
  const values = ArrayBuffer.isView(input) ? input : read(input, shape, wanted)
  const size = sizeOf(shape)
  if (values.length === 0 || values.length % size !== 0) {
    throw new RangeError(
      `Cannot ${task}: expected whole samples of ${wanted}, ${size} numbers each, got ${values.length}`,
    )
  }
  const floats = values instanceof Float32Array ? values : Float32Array.from(values)
  const bad = firstNotFinite(floats)
  if (bad !== undefined) {
    const place = `${floats[bad]} at ${bad % size} of sample ${Math.floor(bad / size)}`
    throw new RangeError(`Cannot ${task}: expected finite inputs, got ${place}`)
  }
  return floats
}

function read(input: TensorLike, shape: Shape, wanted: string): ArrayLike<number> {
  if (typeof input?.dataSync !== 'function' || !Array.isArray(input.shape)) {
    const got = describe(input)
    throw new TypeError(`Cannot ${task}: expected a typed array or a tensor ${wanted}, got ${got}`)
  }
  const [, ...sample] = input.shape
  if (sample.length !== shape.length || sample.some((length, axis) => length !== shape[axis])) {
    throw new RangeError(
      `Cannot ${task}: expected a tensor ${wanted}, got [${input.shape.join(', ')}]`,
    )
  }
  return input.dataSync()
}

/**
 * A double never overflows by a sum of floats: it is finite where all of them are. Four are summed
 * by themselves, so that fewer sums wait for each other.
 */
function firstNotFinite(values: Float32Array): number | undefined {
  const { length } = values
  let sum = 0
  for (let i = 3; i < length; i += 4)
    sum += values[i - 3]! + values[i - 2]! + (values[i - 1]! + values[i]!)
  for (let i = length - (length % 4); i < length; i++) sum += values[i]!
  return Number.isFinite(sum) ? undefined : values.findIndex((value) => !Number.isFinite(value))
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
