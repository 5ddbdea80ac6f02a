import { memory, type Tensor2D, tensor2d, train as trainers } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  type Evaluate,
  evaluateOn,
  type FitOptions,
  fit,
  type PruneOptions,
  PruningError,
  type PruningEvent,
  prune,
} from 'tfjs-prune'
import { expect } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { bitsOf, fillWeights, weightsByName } from '../support/weights.js'

/** Labelled samples; the caller disposes `xs`. */
export interface Samples {
  readonly xs: Tensor2D
  readonly ys: Int32Array
}

/**
 * One positive in five, separable by the sum of the six features: 1 to 3 for positives, -3 to -1
 * for negatives.
 */
export function imbalancedSamples(samples = 40, seed = 1): Samples {
  const { uniform } = randomStream(seed)
  const ys = Int32Array.from({ length: samples }, (_, i) => Number(i % 5 === 0))
  const rows = Array.from(ys, (label) => {
    const noise = Array.from({ length: 6 }, () => uniform() - 0.5)
    const mean = noise.reduce((sum, value) => sum + value, 0) / 6
    const wanted = (label === 1 ? 1 : -1) * (1 + 2 * uniform())
    return noise.map((value) => value - mean + wanted / 6)
  })
  return { xs: tensor2d(rows), ys }
}

/**
 * Dense 6-12 (relu), 12-8 (relu), 8-2 with seeded weights: 72 + 96 + 16 prunable weights, 206
 * parameters.
 */
export function smallNetwork(seed = 1): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 12, activation: 'relu', inputShape: [6] })
  const middle = layers.dense({ name: 'middle', units: 8, activation: 'relu' })
  return fillWeights(
    sequential({ layers: [hidden, middle, layers.dense({ name: 'out', units: 2 })] }),
    seed,
  )
}

/** Options of a quick run; `training` and `options` replace what they name. */
export function quickRun(
  data: Samples,
  { training = {}, ...options }: Partial<PruneOptions> & { training?: Partial<FitOptions> } = {},
): PruneOptions & { readonly evaluate: Evaluate } {
  const optimizer = () => trainers.momentum(0.02, 0.9)
  const run: PruneOptions = {
    train: fit(data, {
      optimizer,
      epochs: 2,
      clipNorm: 5,
      ...(training.batches ? {} : { batchSize: 8 }),
      ...training,
    }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    ...options,
  }
  return run as PruneOptions & { readonly evaluate: Evaluate }
}

/** The bits of every weight by name: equal only if the weights are equal to the last bit. */
export function weightBits(model: LayersModel): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(weightsByName(model)).map(([name, values]) => [name, bitsOf(values)]),
  )
}

/**
 * Runs four rounds until one fails; checks that the model is at the last finished round (or W0) to
 * the last bit.
 */
export async function failedRun(data: Samples, model: LayersModel, options: Partial<PruneOptions>) {
  let expected = weightBits(model)
  const onProgress = (event: PruningEvent) => {
    if (event.kind === 'round-finished') expected = weightBits(model)
    options.onProgress?.(event)
  }
  const before = memory().numTensors
  let thrown: unknown
  let finished = 0
  const countFinished = (event: PruningEvent) => {
    if (event.kind === 'round-finished') finished++
    onProgress(event)
  }
  try {
    await prune(
      model,
      quickRun(data, { schedule: [1, 0.5, 0.25, 0.1], ...options, onProgress: countFinished }),
    )
  } catch (error) {
    thrown = error
    if (error instanceof PruningError) {
      expect(error.rounds.length).toBe(finished)
      thrown = error.cause
    } else expect(finished).toBe(0)
  }
  const leaked = memory().numTensors - before
  expect(weightBits(model)).toEqual(expected)
  return { thrown, leaked }
}
