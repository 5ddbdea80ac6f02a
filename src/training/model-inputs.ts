import { cast, type Tensor, Tensor as TensorClass, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import { containerOf } from '../internal/model-graph.js'
import { nearest } from '../internal/nearest.js'
import type { Rows } from '../types.js'
import { checkAlive } from './check-alive.js'
import { readRows } from './read-rows.js'

/** Inputs in the order in which they were given. */
export interface Inputs<T extends Tensor | Rows = Tensor> {
  readonly parts: readonly T[]
  /** Their names, where they were given by name. */
  readonly names?: readonly string[]
}

/** The inputs that `xs` holds. Throws unless they are tensors of numbers, or rows of them. */
export function readInputs(xs: unknown, task: string): Inputs<Tensor | Rows> {
  if (xs instanceof TensorClass) return { parts: [checkedInput(xs, task)] }
  if (Array.isArray(xs) || ArrayBuffer.isView(xs)) {
    const isList =
      Array.isArray(xs) && xs.length > 0 && xs.every((one) => one instanceof TensorClass)
    if (isList) return { parts: xs.map((one) => checkedInput(one, task)) }
    return { parts: [readRows(xs as unknown as ArrayLike<unknown>, task)] }
  }
  const named = Object.entries(typeof xs === 'object' && xs !== null ? xs : {})
  if (named.length === 0) {
    const got = describe(xs)
    throw new TypeError(
      `Cannot ${task}: expected xs as a tensor or an array of samples, got ${got}`,
    )
  }
  const parts = named.map(([name, one]) => {
    if (one instanceof TensorClass || Array.isArray(one) || ArrayBuffer.isView(one))
      return readInputs(one, task).parts[0]!
    const got = `${describe(one)} for ${name}`
    throw new TypeError(`Cannot ${task}: expected tensors or arrays of samples in xs, got ${got}`)
  })
  return { parts, names: named.map(([name]) => name) }
}

function checkedInput(one: Tensor, task: string): Tensor {
  checkAlive(one, { task, name: 'xs' })
  const { dtype, rank } = one
  if (rank > 0 && dtype !== 'string' && dtype !== 'complex64') return one
  const got = rank > 0 ? `dtype ${dtype}` : 'a scalar'
  throw new TypeError(`Cannot ${task}: expected xs as tensors of numbers by samples, got ${got}`)
}

/** Number of samples of inputs. Throws where they differ. */
export function countRows({ parts }: Inputs<Tensor | Rows>, task: string): number {
  const [samples = 0, ...others] = parts.map(({ shape }) => shape[0]!)
  const other = others.find((length) => length !== samples)
  if (other !== undefined) {
    throw new TypeError(`Cannot ${task}: expected ${samples} samples in each of xs, got ${other}`)
  }
  return samples
}

/** Inputs as tensors, with those that had to be made and must be disposed. */
export function openInputs(xs: unknown, task: string): Inputs & { readonly made: Tensor[] } {
  const { parts, ...rest } = readInputs(xs, task)
  const made: Tensor[] = []
  const tensors = parts.map((part) => {
    if (part instanceof TensorClass) return part
    const one = tensor(part.values, part.shape)
    made.push(one)
    return one
  })
  return { parts: tensors, ...rest, made }
}

/**
 * The inputs in the order of the model. Throws unless they have its names, where they have some,
 * and the shapes that it takes. tfjs sees `[n]` as `[n, 1]`.
 */
export function inputsFor(model: LayersModel, { parts, names }: Inputs, task: string): Tensor[] {
  const { inputs, inputNames } = containerOf(model)
  if (names) checkNames(names, { inputNames, task })
  const tensors = names ? inputNames.map((name) => parts[names.indexOf(name)]!) : [...parts]
  if (tensors.length !== inputs.length) {
    throw new TypeError(
      `Cannot ${task}: expected ${inputs.length} inputs as the model has, got ${tensors.length} in xs`,
    )
  }
  inputs.forEach(({ shape: wanted }, index) => {
    const { shape: given } = tensors[index]!
    const shape = given.length === 1 ? [...given, 1] : given
    if (
      shape.length === wanted.length &&
      wanted.every((size, axis) => axis === 0 || size === null || size === shape[axis])
    )
      return
    const text = `[${['n', ...wanted.slice(1).map((size) => size ?? 'n')].join(', ')}]`
    throw new TypeError(
      `Cannot ${task}: expected xs of shape ${text} for ${inputNames[index]}, got [${given.join(', ')}]`,
    )
  })
  return tensors
}

function checkNames(
  names: readonly string[],
  { inputNames, task }: { readonly inputNames: readonly string[]; readonly task: string },
): void {
  const wanted = `inputs in xs by the model's names ${inputNames.join(', ')}`
  const unknown = names.find((name) => !inputNames.includes(name))
  const missing = inputNames.find((name) => !names.includes(name))
  if (unknown === undefined && missing === undefined) return
  const meant = unknown && nearest(unknown, inputNames)
  const hint = meant === undefined ? '' : `: did you mean ${meant}?`
  const got = unknown === undefined ? `no ${missing}` : `${unknown}${hint}`
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
}

/**
 * Inputs in the dtypes of the model, as tfjs casts them on the way into it: sums of squares of
 * integers overflow. To be called in a tidy.
 */
export function asModelTakes({ inputs }: LayersModel, tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((one, index) => cast(one, inputs[index]!.dtype))
}
