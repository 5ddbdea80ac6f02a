import type { Allocator } from '../types.js'
import { proportional } from './proportional.js'

/**
 * Large layers lose more: density proportional to (n_in + n_out + kh + kw) / (n_in n_out kh kw),
 * the sum of a weight's sides over their product. Known as ERK.
 *
 * A layer's number of weights then grows with its sum of sides, not their product. So (n_in +
 * n_out) / (n_in n_out) for a dense kernel, the three or five sides of other convolutions, channels
 * and multipliers for a depthwise kernel. A bias has one side and factor 1, above that of nearly
 * any kernel: it stays whole as long as anything of its size does. The kernels of LSTM and GRU
 * count as they are stored, gates side by side. Densities are at most 1, and epsilon is solved anew
 * for the others: see {@link proportional}, which does the sharing. The scores do not count.
 *
 * @returns An allocator; round(total size * density) elements stay in all, as long as the bounds
 *   allow it.
 * @see Evci et al. 2020, Rigging the Lottery, arXiv 1911.11134, section 3; Mocanu et al. 2018,
 *   Scalable training of artificial neural networks with adaptive sparse connectivity, arXiv
 *   1707.04780.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, erdosRenyiKernel } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 30, inputShape: [20] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 10 })] })
 * const mask = await computeMask(model, { density: 0.2, allocate: erdosRenyiKernel() })
 * // 180 weights as 50 to 40, the sums of the sides
 * if (mask.weights.map(({ kept }) => kept).join() !== '100,80') throw new Error('the smaller layer is denser')
 * ```
 */
export function erdosRenyiKernel(): Allocator {
  return proportional(({ shape, size }) => shape.reduce((sum, side) => sum + side, 0) / size)
}
