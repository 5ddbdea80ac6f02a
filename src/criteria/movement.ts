import type { Criterion } from '../types.js'
import { needing } from './needing.js'

/**
 * Keeps the weights that training moves away from 0: score = - sum over the steps of w g.
 *
 * The sum is over the steps of the round before, g the gradient of each; `prune` and
 * `pruningRounds` keep it, and `computeMask` takes it as `movement`. Scores may be negative. Made
 * for fine-tuning pretrained weights, where a large weight need not be one that the task wants.
 * Sibling of {@link magnitudeIncrease}, which asks only where training ended, and of
 * `initialFinal({ rule: 'largeMovement' })`, the distance |w - w0| whatever its direction.
 *
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @see Sanh, Wolf and Rush 2020, Movement Pruning: Adaptive Sparsity by Fine-Tuning, arXiv
 *   2005.07683.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, movement } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ name: 'out', units: 2, inputShape: [2] })] })
 * const sums = { 'out/kernel': Float32Array.of(0.1, -3, 2, 0) }
 * const mask = await computeMask(model, { density: 0.5, criterion: movement(), movement: sums })
 * if (mask.weights[0]!.values.join() !== '1,0,1,0') throw new Error('the largest sums stay')
 * ```
 */
export function movement(): Criterion {
  return needing(['movement'], ({ movement: sums }) => sums)
}
