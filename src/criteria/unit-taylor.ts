import { broadcastTo, div } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { needing } from './needing.js'

/**
 * Keeps whole units whose removal would change the loss most, to first order: a unit scores E[(sum
 * of g w over the unit)^2], the mean over the batches of the samples.
 *
 * Each element of a unit (a neuron, a filter: last axis; all gates of a recurrent one) gets an
 * equal part, so that the elements of a unit sum to the unit's score. Element by element this ties,
 * and ties go by flat index: combine it, or select by units. Sibling of {@link taylor}, which
 * scores each element alone.
 *
 * @returns A criterion that needs samples; its tensor has the weight's shape and belongs to the
 *   caller.
 * @see Molchanov et al. 2019, Importance Estimation for Neural Network Pruning, arXiv 1906.10771.
 *
 * @example
 * ```ts
 * import { ones, tensor2d } from '@tensorflow/tfjs-core'
 * import { unitTaylor } from 'tfjs-prune'
 *
 * const [initial, final, mask] = [ones([3, 2]), ones([3, 2]), ones([3, 2])]
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, initial, final, mask }
 * const score = unitTaylor()({ ...weight, unitSaliency: tensor2d([[6, 3]]) })
 * if (score.dataSync().join() !== '2,1,2,1,2,1') throw new Error('three parts of 6, three of 3')
 * ```
 */
export function unitTaylor(): Criterion {
  return needing(['unitSaliency'], ({ final, unitSaliency }) => {
    const elements = final.size / unitSaliency.size
    return broadcastTo(div(unitSaliency, elements), final.shape)
  })
}
