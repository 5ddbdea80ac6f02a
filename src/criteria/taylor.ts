import { mul, sqrt } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { finiteSquare } from './finite-square.js'
import { needing } from './needing.js'

/**
 * Keeps the weights whose removal would change the loss most, to first order: score = E[(g w)^2], g
 * the gradient of one batch, the mean over the batches of the samples.
 *
 * With `batchSize: 1` in the samples the mean is over single samples. A weight of 0, and one that
 * no sample reaches, scores 0; scores end at 2^100. Sibling of {@link fisher}, half of the same
 * number, and of {@link snip}, whose batches are summed before the sign is dropped.
 *
 * @returns A criterion that needs samples; its tensor has the weight's shape and belongs to the
 *   caller.
 * @see Molchanov et al. 2019, Importance Estimation for Neural Network Pruning, arXiv 1906.10771.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { taylor } from 'tfjs-prune'
 *
 * const [initial, final, mask] = [tensor1d([0, 0]), tensor1d([2, 1]), tensor1d([1, 1])]
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, initial, final, mask }
 * const score = taylor()({ ...weight, squaredGradient: tensor1d([1, 9]) })
 * if (score.dataSync().join() !== '4,9') throw new Error('(g w)^2')
 * ```
 */
export function taylor(): Criterion {
  return needing(['squaredGradient'], ({ final, squaredGradient }) =>
    finiteSquare(mul(final, sqrt(squaredGradient))),
  )
}
