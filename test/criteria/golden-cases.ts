import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import type { ScoringSamples } from '../../src/types.js'
import golden from '../golden/criteria.json'

/** A network with samples, and what its weights score: see scripts/golden/criteria.py. */
export interface GoldenCase {
  readonly weights: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
  >
  readonly xs: { readonly shape: readonly number[]; readonly values: readonly number[] }
  readonly ys: readonly number[]
  readonly batchSize: number
  /** Weight of each class in the class-conditional scores. */
  readonly lambdas: readonly number[]
  /** Criterion, then weight: scores in flat order. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
  readonly synFlow: readonly {
    readonly density: number
    readonly steps: number
    readonly masks: Readonly<Record<string, readonly number[]>>
  }[]
}

export type CaseName = 'mlp' | 'cnn'

export const goldenCases = golden.cases as unknown as Readonly<Record<CaseName, GoldenCase>>

const networks: Readonly<Record<CaseName, () => LayersModel>> = {
  mlp: () =>
    sequential({
      layers: [
        layers.dense({ name: 'hidden', units: 5, activation: 'relu', inputShape: [4] }),
        layers.dense({ name: 'out', units: 3 }),
      ],
    }),
  cnn: () => {
    const conv = {
      filters: 3,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
    } as const
    return sequential({
      layers: [
        layers.conv2d({ name: 'conv', ...conv, inputShape: [5, 5, 2] }),
        layers.flatten(),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
  },
}

/** The network of a case with its weights. */
export function goldenModel(name: CaseName): LayersModel {
  const model = networks[name]()
  for (const weight of modelWeights(model)) {
    assignValues(weight.variable, Float32Array.from(goldenCases[name].weights[weight.name]!.values))
  }
  return model
}

/** The samples of a case; the caller disposes `xs`. */
export function goldenSamples(
  name: CaseName,
  batchSize = goldenCases[name].batchSize,
): ScoringSamples & { xs: Tensor } {
  const { xs, ys } = goldenCases[name]
  return { xs: tensor([...xs.values], [...xs.shape]), ys: [...ys], batchSize }
}
