import { abs, mul } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { needing } from './needing.js'

/**
 * Keeps the weights that the loss is most sensitive to before any training: score = |g w0|, g the
 * gradient at W0 over all samples.
 *
 * Prunes at initialisation, in one step: give it a large sample, some tens for each class.
 * Gradients are averaged before the sign is dropped, so that samples that pull in opposite
 * directions cancel. The paper divides by the sum over the network, which changes no order. Made
 * for {@link globally}: layers compete.
 *
 * @returns A criterion that needs samples and looks at W0; its tensor has the weight's shape and
 *   belongs to the caller.
 * @see Lee, Ajanthan and Torr 2019, SNIP: Single-shot Network Pruning based on Connection
 *   Sensitivity, arXiv 1810.02340.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { snip } from 'tfjs-prune'
 *
 * const [initial, final, mask] = [tensor1d([2, -1]), tensor1d([9, 9]), tensor1d([1, 1])]
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, initial, final, mask }
 * const score = snip()({ ...weight, gradient: tensor1d([-1, 3]) })
 * if (score.dataSync().join() !== '2,3') throw new Error('|g w0|, whatever training did')
 * ```
 */
export function snip(): Criterion {
  return needing(['gradient'], ({ initial, gradient }) => abs(mul(gradient, initial)), {
    at: 'initial',
  })
}
