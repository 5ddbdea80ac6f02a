import type { WeightStatistics } from '../types.js'
import { checkIsMask } from './check-is-mask.js'
import { checkTotals } from './check-totals.js'
import { checkValues } from './check-values.js'
import type { Mask } from './mask.js'

/**
 * The counts of a mask, weight by weight; the totals are on the mask itself.
 *
 * @param mask The mask.
 * @returns Name, size, kept and density of each weight, in the model's order.
 * @throws {TypeError | RangeError} If `mask` is no mask, its values were changed since, or its
 *   totals are not those of its weights.
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
  const task = 'count what the mask keeps'
  checkIsMask(mask, task)
  for (const weight of mask.weights) checkValues(weight, task)
  checkTotals(mask, task)
  return mask.weights.map(({ name, values, kept }) => {
    return { name, size: values.length, kept, density: kept / values.length }
  })
}
