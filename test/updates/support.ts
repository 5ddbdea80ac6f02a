import {
  AdamOptimizer,
  getBackend,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
  type Tensor,
  tensor,
  train,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core'
import { registerCpuUpdates } from 'tfjs-prune/backends/cpu'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { MaskedOptimizer } from '../../src/masks/masked-optimizer.js'

/** Gives the backend in use its fused step. */
export function fuse(): void {
  if (getBackend() === 'wasm') registerWasmGradients()
  else registerCpuUpdates()
}

/** The optimizers whose steps are fused. */
export const fusedKinds: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => train.sgd(0.05),
  momentum: () => train.momentum(0.02, 0.9),
  nesterov: () => train.momentum(0.02, 0.9, true),
  adam: () => train.adam(0.01),
  'adam with other betas': () => train.adam(0.003, 0.8, 0.95, 1e-3),
  rmsprop: () => train.rmsprop(0.005),
  'rmsprop with momentum': () => train.rmsprop(0.005, 0.8, 0.5, 1e-4),
}

/** Classes that extend the stock ones, and so take their own steps. */
export const ownKinds: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => new (class extends SGDOptimizer {})(0.05),
  momentum: () => new (class extends MomentumOptimizer {})(0.02, 0.9),
  adam: () => new (class extends AdamOptimizer {})(0.01, 0.9, 0.999),
  rmsprop: () => new (class extends RMSPropOptimizer {})(0.005),
}

/** Numbers in (-1, 1) that depend on their place and on the seed alone. */
export const wave = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed))

/** One in so many elements stays. */
export const everyNth = (size: number, n: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => Number((i * 7919) % n === 0))

/** Shapes with and without a rest behind groups of four; a fortieth of the first is 13. */
export const SHAPES = [[40, 13], [7], [3], [10, 13], [1]]

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

export interface Subject {
  readonly variables: Variable[]
  readonly optimizer: Optimizer
  /** One 0 or 1 an element. */
  readonly masks: readonly Uint8Array[]
}

/** Variables whose pruned elements are 0. */
function variablesOf(masks: readonly Uint8Array[]): Variable[] {
  return SHAPES.map((shape, i) => {
    const values = wave(sizeOf(shape), i + 50).map((value, at) => (masks[i]![at] ? value : 0))
    return variable(tensor(values, shape))
  })
}

/** A held optimizer; the last two variables have no mask. */
export function heldSubject(make: () => Optimizer, n: number): Subject {
  const masks = SHAPES.map((shape, i) =>
    i < 3 ? everyNth(sizeOf(shape), n) : new Uint8Array(sizeOf(shape)).fill(1),
  )
  const variables = variablesOf(masks)
  const held = variables.slice(0, 3).map((one, i) => {
    return { variable: one, mask: tensor(masks[i]!, SHAPES[i]!, 'bool') }
  })
  return { variables, masks, optimizer: new MaskedOptimizer(make(), held, false) }
}

/** The optimizer of tfjs alone, with variables like those of another subject. */
export function plainSubject(make: () => Optimizer, { masks }: Subject): Subject {
  return { variables: variablesOf(masks), masks, optimizer: make() }
}

interface Step {
  readonly seed: number
  /** Gradients of pruned elements are 0. */
  readonly masked: boolean
  /** Changes the gradients. @default as they are */
  readonly change?: (gradients: Float32Array[]) => void
}

/** One step by hand. */
export function step({ variables, optimizer, masks }: Subject, options: Step): void {
  const { seed, masked, change } = options
  const values = variables.map((one, i) => {
    const all = wave(one.size, seed + 7 * i)
    return masked ? all.map((value, at) => (masks[i]![at] ? value : 0)) : all
  })
  change?.(values)
  const gradients = values.map((all, i) => tensor(all, variables[i]!.shape))
  optimizer.applyGradients(
    variables.map(({ name }, i) => ({ name, tensor: gradients[i]! })) as never,
  )
  for (const one of gradients) one.dispose()
}

export const numbersOf = (tensors: readonly Tensor[]): number[][] =>
  tensors.map((one) => [...one.dataSync()])

/** Steps and slots of an optimizer, as they are saved. */
export async function stateOf(optimizer: Optimizer): Promise<number[][]> {
  const state = await optimizer.getWeights()
  const numbers = numbersOf(state.map((one) => one.tensor as Tensor))
  ;(state[0]!.tensor as Tensor).dispose()
  return numbers
}
