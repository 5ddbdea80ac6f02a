import { abs, sub } from '@tensorflow/tfjs-core'
import type { Criterion, ScoredWeight } from '../types.js'

/**
 * Keeps the weights whose magnitude grew most in training: score = |w| - |w0|. The criterion of the
 * paper.
 *
 * Needs trained weights and those before training: `prune` has both, `computeMask` takes the latter
 * as `initial`. Sibling of {@link magnitude}, which ignores w0.
 *
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller. It throws a
 *   RangeError for a weight whose trained tensor it gets as the initial one too.
 * @see Zhou et al. 2019, Deconstructing Lottery Tickets, arXiv 1905.01067, section 2.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { magnitudeIncrease } from 'tfjs-prune'
 *
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, mask: tensor1d([1, 1]) }
 * const score = magnitudeIncrease()({ ...weight, initial: tensor1d([-1, 0.5]), final: tensor1d([0.5, -2]) })
 * if (score.dataSync().join() !== '-0.5,1.5') throw new Error('the second weight grew')
 * ```
 */
export function magnitudeIncrease(): Criterion {
  const criterion = ({ name, initial, final }: ScoredWeight) => {
    if (initial === final) {
      throw new RangeError(`Cannot score ${name}: expected the option initial, got none`)
    }
    return sub(abs(final), abs(initial))
  }
  return Object.assign(criterion, { showsNonFinite: true })
}
