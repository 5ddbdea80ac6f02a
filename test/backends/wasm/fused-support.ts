import {
  addN,
  grads,
  mul,
  profile,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { noise } from './support.js'

export const KINDS = ['simpleRNN', 'lstm', 'gru'] as const
export type Kind = (typeof KINDS)[number]

export type Options = Omit<Partial<Parameters<typeof layers.lstm>[0]>, 'name'>

export const [BATCH, STEPS, CHANNELS] = [3, 6, 5] as const

/** A recurrent layer with weights that are always the same. */
export function recurrent(kind: Kind, options: Options = {}) {
  const start = { recurrentInitializer: 'glorotNormal', units: 4 } as const
  return layers[kind]({ ...start, ...options })
}

/** A model of one input, `[6, 5]` unless told otherwise, with weights that are always the same. */
export function modelOf(
  apply: (x: SymbolicTensor) => unknown,
  shape: (number | null)[] = [STEPS, CHANNELS],
): LayersModel {
  const x = input({ shape })
  return withNoise(model({ inputs: x, outputs: apply(x) as SymbolicTensor }))
}

/** Gives a model weights that are always the same. */
export function withNoise(made: LayersModel, scale = 0.7): LayersModel {
  tidy(() =>
    made.setWeights(
      made.weights.map(({ shape }, i) => mul(noise(shape as number[], i + 1), scale)),
    ),
  )
  return made
}

/**
 * Outputs, and the gradients of all trained weights and inputs of a sum that weights each output in
 * its own way.
 */
export function outcomeOf(
  made: LayersModel,
  xs: readonly Tensor[],
  { ofInputs = true } = {},
): number[][] {
  return tidy(() => {
    const variables = made.trainableWeights.map((weight) => weight.read() as Variable)
    const outputs = (...inputs: Tensor[]) => [made.apply(inputs, { training: true })].flat()
    const cost = (...inputs: Tensor[]) =>
      addN((outputs(...inputs) as Tensor[]).map((y, i) => sum(mul(y, noise(y.shape, 50 + i)))))
    const ofWeights = variableGrads(() => cost(...xs) as Scalar, variables)
    const tensors = [
      ...(outputs(...xs) as Tensor[]),
      ...variables.map(({ name }) => ofWeights.grads[name]!),
      ...(ofInputs ? grads(cost)([...xs]) : []),
    ]
    return tensors.map((tensor) => [...tensor.dataSync()])
  })
}

/** The same on the cpu backend of tfjs. */
export async function onCpu<T>(run: () => T): Promise<T> {
  await setBackend('cpu')
  try {
    return run()
  } finally {
    await setBackend('wasm')
  }
}

/** The largest difference of values, over the largest value of their tensor; NaN counts as far. */
export function farthest(wanted: readonly number[][], got: readonly number[][]): number {
  if (JSON.stringify(wanted.map((v) => v.length)) !== JSON.stringify(got.map((v) => v.length)))
    return Number.POSITIVE_INFINITY
  const apart = wanted.map((values, i) => {
    const largest = (numbers: number[]) => numbers.reduce((a, b) => Math.max(a, b), 0)
    const distances = values.map((value, j) => Math.abs(value - got[i]![j]!))
    return largest(distances) / (largest(values.map(Math.abs)) || 1)
  })
  return apart.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...apart)
}

/** How often the kernels of fused layers run, forth and back together. */
export async function fusedKernels(run: () => void): Promise<number> {
  const { kernels } = await profile(() => void run())
  return kernels.filter(({ name }) => name.startsWith('tfjs-prune>Recurrence')).length
}
