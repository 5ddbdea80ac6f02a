import type { WeightStatistics } from '../types.js'
import { checkIsMask } from './check-is-mask.js'
import type { Mask } from './mask.js'

/**
 * The counts of a mask, weight by weight; the totals are on the mask itself.
 *
 * @param mask The mask.
 * @returns Name, size, kept and density of each weight, in the model's order.
 * @throws {TypeError} If `mask` is no mask.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, maskStatistics } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ name: 'out', units: 5, inputShape: [4] })] })
 * const [kernel] = maskStatistics(await computeMask(model, { density: 0.5 }))
 * if (kernel!.name !== 'out/kernel' || kernel!.kept !== 10) throw new Error('half of 20 weights stay')
 * ```
 */
export function maskStatistics(mask: Mask): WeightStatistics[] {
  checkIsMask(mask, 'count what the mask keeps')
  return mask.weights.map(({ name, values, kept }) => {
    return { name, size: values.length, kept, density: kept / values.length }
  })
}
