import { broadcastTo, sub } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { needing } from './needing.js'

/**
 * Keeps the units that are rarely silent: score = 1 - APoZ, APoZ the share of zeros among a unit's
 * outputs over all samples and places.
 *
 * Outputs are those of the activation behind the layer, where it has none itself; only ReLU and the
 * like give zeros. All elements of a unit (last axis) score alike, in [0, 1], and ties go by flat
 * index: combine it, or select by units.
 *
 * @returns A criterion that needs samples; its tensor has the weight's shape and belongs to the
 *   caller.
 * @see Hu et al. 2016, Network Trimming: A Data-Driven Neuron Pruning Approach, arXiv 1607.03250.
 *
 * @example
 * ```ts
 * import { ones, tensor2d } from '@tensorflow/tfjs-core'
 * import { averagePercentageOfZeros } from 'tfjs-prune'
 *
 * const [initial, final, mask] = [ones([2, 3]), ones([2, 3]), ones([2, 3])]
 * const weight = { name: 'a/kernel', layer: 'a', role: 'kernel', round: 1, initial, final, mask }
 * const score = averagePercentageOfZeros()({ ...weight, zeroShare: tensor2d([[0, 0.25, 1]]) })
 * if (score.dataSync().join() !== '1,0.75,0,1,0.75,0') throw new Error('the last unit is always silent')
 * ```
 */
export function averagePercentageOfZeros(): Criterion {
  return needing(['zeroShare'], ({ final, zeroShare }) =>
    broadcastTo(sub(1, zeroShare), final.shape),
  )
}
