import { div, mul, sqrt } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { finiteSquare } from './finite-square.js'
import { needing } from './needing.js'

/**
 * Keeps the weights whose removal would raise the loss most, to second order, with the diagonal of
 * the empirical Fisher information as curvature: score = w^2 E[g^2] / 2.
 *
 * The Fisher information is a mean over single samples: give the samples `batchSize: 1`. With
 * larger batches g is the mean gradient of a batch, and E[g^2] smaller by up to that factor; the
 * order may differ. A weight of 0 scores 0; scores end at 2^99. Sibling of {@link taylor}, twice
 * the same number.
 *
 * @returns A criterion that needs samples; its tensor has the weight's shape and belongs to the
 *   caller.
 * @see LeCun, Denker and Solla 1989, Optimal Brain Damage; Theis et al. 2018, Faster gaze
 *   prediction with dense networks and Fisher pruning, arXiv 1801.05787.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { fisher } from 'tfjs-prune'
 *
 * const [initial, final, mask] = [tensor1d([0, 0]), tensor1d([2, 1]), tensor1d([1, 1])]
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, initial, final, mask }
 * const score = fisher()({ ...weight, squaredGradient: tensor1d([1, 9]) })
 * if (score.dataSync().join() !== '2,4.5') throw new Error('w^2 E[g^2] / 2')
 * ```
 */
export function fisher(): Criterion {
  return needing(['squaredGradient'], ({ final, squaredGradient }) =>
    div(finiteSquare(mul(final, sqrt(squaredGradient))), 2),
  )
}
