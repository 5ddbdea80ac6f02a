import { tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { required } from '../internal/option-checks.js'
import { hashSeed, randomStream } from '../internal/random.js'
import type { Criterion } from '../types.js'

/** Options of {@link random}. */
export interface RandomOptions {
  /** Whole number; the same seed gives the same masks on every backend. */
  readonly seed: number
}

const checks: OptionChecks<RandomOptions> = { seed: required(checkSeed) }

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
  checkOptions(options, { task: 'make a random criterion', checks })
  const { seed } = options
  return ({ name, round, final }) => {
    const stream = randomStream(hashSeed(seed, name, round))
    const scores = new Float32Array(final.size)
    for (let i = 0; i < scores.length; i++) scores[i] = stream.uniform()
    return tensor(scores, final.shape)
  }
}
