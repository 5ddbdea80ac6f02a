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

/** Throws unless there is one input for each shape, with as many samples each. */
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
  const values = ArrayBuffer.isView(input) ? input : read(input, shape)
  const size = sizeOf(shape)
  if (values.length === 0 || values.length % size !== 0) {
    const wanted = `whole samples of ${batchOf(shape)}, ${size} numbers each`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${values.length}`)
  }
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

const batchOf = (shape: Shape) => `[samples, ${shape.join(', ')}]`

function read(input: TensorLike, shape: Shape): ArrayLike<number> {
  const wanted = batchOf(shape)
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
  const values = input.dataSync()
  if (values.length === sizeOf(input.shape)) return values
  throw new TypeError(`Cannot ${task}: expected a tensor of real numbers, got one of complex ones`)
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
