import { gather, type Tensor, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { type ArrayData, type DatasetData, shuffledBatches } from 'tfjs-prune'
import { fillWeights, randomValues } from '../support/weights.js'

type Ending = 'linear' | 'sigmoid' | 'softmax'

/** Dense 3-5 (tanh) and 5-`units`, seeded. */
export function network(units: number, activation: Ending, seed = 1): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 5, activation: 'tanh', inputShape: [3] })
  const out = layers.dense({ name: 'out', units, activation })
  return fillWeights(sequential({ layers: [hidden, out] }), seed)
}

/** Twelve samples of three numbers. */
export const rows: readonly (readonly number[])[] = Array.from({ length: 12 }, (_, i) => [
  ...randomValues(3, i + 1),
])

/** The same samples of a caller, with labels. */
export const samplesOf = (ys: readonly number[] | readonly (readonly number[])[]): ArrayData => ({
  xs: tensor2d(rows as number[][]),
  ys: Array.isArray(ys[0]) ? tensor2d(ys as number[][]) : tensor1d(ys as number[]),
})

/** The batches that `fit` draws from arrays, as a dataset. */
export function datasetOf({ xs, ys }: ArrayData, batchSize: number): DatasetData {
  const sampler = shuffledBatches({ sampleCount: rows.length, batchSize, seed: 0 })
  let epoch = 0
  return {
    iterator: async () => {
      // `fit` asks for one reading an epoch, and each round begins with the order of the first.
      const batches = [...sampler(epoch++ % 1)]
      return {
        next: async () => {
          const indices = batches.shift()
          if (!indices) return { done: true as const, value: null }
          const take = (from: Tensor) => tidy(() => gather(from, tensor1d(indices, 'int32')))
          return { done: false as const, value: { xs: take(xs as Tensor), ys: take(ys as Tensor) } }
        },
      }
    },
  }
}

/** Logits of a network with these weights, in float64: one row a sample. */
export function logitsBy(
  weights: Readonly<Record<string, ArrayLike<number>>>,
  units: number,
): number[][] {
  const layer = (from: readonly number[], name: string, size: number) =>
    Array.from({ length: size }, (_, u) =>
      from.reduce(
        (sum, value, i) => sum + value * weights[`${name}/kernel`]![i * size + u]!,
        weights[`${name}/bias`]![u]!,
      ),
    )
  return rows.map((row) => layer(layer(row, 'hidden', 5).map(Math.tanh), 'out', units))
}

const logSoftmax = (z: readonly number[]) => {
  const top = Math.max(...z)
  const log = top + Math.log(z.reduce((sum, one) => sum + Math.exp(one - top), 0))
  return z.map((one) => one - log)
}

/** KL(softmax(t / T) || softmax(z / T)). */
export function kl(t: readonly number[], z: readonly number[], temperature: number): number {
  const [wanted, given] = [t, z].map((all) => logSoftmax(all.map((one) => one / temperature)))
  return wanted!.reduce((sum, one, i) => sum + Math.exp(one) * (one - given![i]!), 0)
}

/** -log of the probability of a class. */
export const crossentropy = (z: readonly number[], label: number) => -logSoftmax(z)[label]!

export const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length
