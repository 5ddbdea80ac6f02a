import { memory, type Tensor, type Tensor2D, tensor, train } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  evaluateOn,
  type FitOptions,
  fit,
  magnitude,
  type PruneOptions,
  prune,
  type Round,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { expect } from 'vitest'
import { randomValues } from '../../support/weights.js'
import './support.js'

/** Samples: batches of 8 leave one of 5. */
const SAMPLES = 21

export const seeded = (seed: number) => ({
  kernelInitializer: initializers.heNormal({ seed }),
})

/** A convolution with a norm, a pool, dropout and two dense layers on images of 4 x 4. */
export const smallNetwork = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({
        ...{ name: 'first', filters: 4, kernelSize: 3, padding: 'same', inputShape: [4, 4, 1] },
        // A shift before the norm has no gradient but rounding, of which Adam makes steps.
        useBias: false,
        ...seeded(1),
      }),
      layers.batchNormalization({ name: 'norm' }),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ name: 'hidden', units: 6, activation: 'relu', ...seeded(3) }),
      layers.dropout({ rate: 0.2, seed: 3 }),
      layers.dense({ name: 'last', units: 2, ...seeded(4) }),
    ],
  })

/** Dense layers on the same images. */
export const denseNetwork = (): LayersModel =>
  sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.dense({ units: 6, activation: 'relu', ...seeded(5) }),
      layers.dense({ units: 2, ...seeded(6) }),
    ],
  })

export const images = Float32Array.from(randomValues(SAMPLES * 16, 2))
export const labels = Int32Array.from({ length: SAMPLES }, (_, i) => Number(i % 3 === 0))

/** One run of `prune`, with what is not as usual. */
export interface Run {
  readonly build?: () => LayersModel
  /** Values of the samples, 16 each. */
  readonly values?: Float32Array
  readonly fitting?: Partial<FitOptions>
  readonly pruning?: Partial<PruneOptions>
  /** Labels for the training alone. @default the labels of the samples */
  readonly ys?: Tensor
  readonly train?: (xs: Tensor, options: FitOptions) => PruneOptions['train']
}

/** The rounds of a run, with an engine or without; no tensor is left. */
export async function roundsOf(
  engine: Pick<FitOptions, 'engine'>,
  { build = smallNetwork, values = images, fitting, pruning, ys, train: trainWith }: Run = {},
): Promise<readonly Round[]> {
  const model = build()
  const xs = tensor(values, [SAMPLES, ...(model.inputs[0]!.shape.slice(1) as number[])])
  const before = memory().numTensors
  const common = { optimizer: () => train.momentum(0.02, 0.9), epochs: 2, batchSize: 8 }
  const options = { ...common, ...fitting, ...engine }
  try {
    const { rounds } = await prune(model, {
      train: trainWith?.(xs, options) ?? fit({ xs, ys: (ys ?? labels) as Tensor2D }, options),
      evaluate: evaluateOn({ xs, ys: labels }, { positiveClass: 1 }),
      // Magnitudes differ; of how far they moved, both columns of a last kernel are alike.
      ...{ schedule: [1, 0.5, 0.25], criterion: magnitude(), ...pruning },
    })
    return rounds
  } finally {
    expect(memory().numTensors).toBe(before)
    xs.dispose()
    model.dispose()
  }
}

export const always = { engine: sparseTraining({ when: 'always' }) }
export const faster = { engine: sparseTraining() }

/** The same run by tfjs and by the engine: equal masks, and weights to 1e-4 of the largest. */
export async function expectSame(run: Run): Promise<readonly Round[]> {
  const tfjs = await roundsOf({}, run)
  const sparse = await roundsOf(always, run)
  expect(sparse.length).toBe(tfjs.length)
  for (const [i, round] of sparse.entries()) {
    expect(round.engine).toEqual({ name: 'sparse', why: 'as asked for' })
    expect(differenceOf(tfjs[i]!, round)).toBeLessThan(1e-4)
  }
  return sparse
}

/** The largest difference of two rounds' weights, as a share of the largest; masks are equal. */
export function differenceOf(tfjs: Round, sparse: Round): number {
  for (const [k, { values }] of sparse.mask.weights.entries())
    expect(values).toEqual(tfjs.mask.weights[k]!.values)
  expect(sparse.trainingLoss / tfjs.trainingLoss).toBeCloseTo(1, 4)
  const wanted = Object.values(tfjs.trained)
  expect(Object.values(sparse.trained).length).toBe(wanted.length)
  let [worst, largest] = [0, 0]
  for (const [i, values] of Object.values(sparse.trained).entries()) {
    for (const [k, value] of values.entries()) {
      largest = Math.max(largest, Math.abs(value))
      const difference = Math.abs(value - wanted[i]![k]!)
      worst = Number.isNaN(difference) ? Infinity : Math.max(worst, difference)
    }
  }
  return worst / largest
}
