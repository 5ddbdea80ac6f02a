import { type DataType, tensor, type Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from './event-loop.js'
import { type ModelWeight, modelWeights } from './model-weights.js'

/** Host copies of a model's weights by name: plain data, safe to clone and to store. */
export type WeightValues = Record<string, Float32Array | Int32Array | Uint8Array>

/** Copies all weights of a model to the host. */
export async function readWeights(model: LayersModel): Promise<WeightValues> {
  return readValues(modelWeights(model))
}

/**
 * Copies weights to the host. All are those of one moment, also where the model is trained in the
 * meantime.
 */
export async function readValues(weights: readonly ModelWeight[]): Promise<WeightValues> {
  const values: WeightValues = {}
  // Each reading begins here; an assignment later gives the variable other data.
  const read = await Promise.all(weights.map(({ variable }) => variable.data()))
  read.reverse()
  for (const { name } of weights) {
    // A backend may share its values, and they need not stay here for longer.
    values[name] = read.pop()!.slice()
    await giveTurn()
  }
  return values
}

/** Writes host values into the weights of a model, as {@link writeValues} does. */
export function writeWeights(model: LayersModel, values: Readonly<WeightValues>): void {
  writeValues(modelWeights(model), values)
}

/**
 * Writes host values into the weights of the same names. Weights without a value stay. Nothing is
 * written if one does not fit.
 */
export function writeValues(weights: readonly ModelWeight[], values: Readonly<WeightValues>): void {
  const changed = weights.filter(({ name }) => values[name])
  for (const { name, variable } of changed) {
    const { length } = values[name]!
    if (variable.isDisposed) {
      throw new Error(
        `Cannot set the weights: expected a model that lives until the work has ended, got one whose ${name} is disposed: dispose it later`,
      )
    }
    if (length === variable.size) continue
    throw new TypeError(
      `Cannot set the weights: expected ${variable.size} values for ${name}, got ${length}`,
    )
  }
  for (const { name, variable } of changed) assignValues(variable, values[name]!)
}

/** Gives a variable new values; the tensor in between is disposed. */
export function assignValues(
  variable: Variable,
  values: Float32Array | Int32Array | Uint8Array,
): void {
  const next = tensor(
    values,
    variable.shape,
    variable.dtype as Exclude<DataType, 'complex64' | 'string'>,
  )
  variable.assign(next)
  next.dispose()
}

/**
 * Index of the first value that is NaN or infinite, -1 when all are finite; where a mask is 0
 * nothing is asked.
 */
export function firstNonFinite(values: ArrayLike<number>, mask?: Uint8Array): number {
  if (values instanceof Float32Array && hasFiniteBits(values)) return -1
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]) && mask?.[i] !== 0) return i
  return -1
}

/**
 * Whether no exponent is all ones. Without a branch, which takes a third of the time of asking one
 * value after the other.
 */
export function hasFiniteBits({ buffer, byteOffset, length }: Float32Array): boolean {
  const bits = new Int32Array(buffer, byteOffset, length)
  let carried = 0
  for (let i = 0; i < length; i++) carried |= (bits[i]! & 0x7f80_0000) + 0x0080_0000
  return carried >= 0
}
