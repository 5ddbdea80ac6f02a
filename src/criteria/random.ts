import { tensor } from '@tensorflow/tfjs-core'
import { checkOptionNames } from '../internal/check-option-names.js'
import { checkSeed } from '../internal/check-seed.js'
import { hashSeed, randomStream } from '../internal/random.js'
import type { Criterion } from '../types.js'

/** Options of {@link random}. */
export interface RandomOptions {
  /** Whole number; the same seed gives the same masks on every backend. */
  readonly seed: number
}

/**
 * Keeps weights by lot: score uniform in [0, 1). The control that every other criterion has to
 * beat.
 *
 * Each weight and each round draws from a stream of its own.
 *
 * @param options The seed.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @throws {TypeError | RangeError} If the seed is no whole number.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, random } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [4] })] })
 * const masks = [1, 1].map((seed) => computeMask(model, { density: 0.5, criterion: random({ seed }) }))
 * const [first, second] = (await Promise.all(masks)).map((mask) => mask.weights[0]!.values.join())
 * if (first !== second) throw new Error('the same seed gives the same mask')
 * ```
 */
export function random(options: RandomOptions): Criterion {
  checkOptionNames(options, { task: 'make a random criterion', known: ['seed'] })
  const { seed } = options
  checkSeed(seed, { task: 'make a random criterion', name: 'seed' })
  return ({ name, round, final }) => {
    const stream = randomStream(hashSeed(seed, name, round))
    const scores = new Float32Array(final.size)
    for (let i = 0; i < scores.length; i++) scores[i] = stream.uniform()
    return tensor(scores, final.shape)
  }
}
