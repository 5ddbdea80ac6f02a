import { abs, broadcastTo } from '@tensorflow/tfjs-core'
import type { Criterion } from '../types.js'
import { needing } from './needing.js'

/**
 * Keeps the units that batch normalisation lets through: score = abs(gamma) of the one right behind
 * the layer.
 *
 * All elements of a unit score alike, and ties go by flat index: select by
 * `units({ combine: 'mean' })`, `globally()` as in the paper. The paper trains with an L1 penalty
 * on gamma first (`gammaRegularizer: 'l1l2'` of the layer), without which the scales say little.
 * Needs no samples. Weights without a batch normalisation behind them have to be left out with the
 * option `select`.
 *
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller. Gathering
 *   throws a RangeError for a weight whose layer feeds something else than one batch normalisation
 *   with a scale.
 * @see Liu et al. 2017, Learning Efficient Convolutional Networks through Network Slimming, arXiv
 *   1708.06519.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { batchNormScale, computeMask, units } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ name: 'hidden', units: 4, inputShape: [3], useBias: false })
 * const gammaInitializer = 'randomNormal' as const
 * const norm = layers.batchNormalization({ gammaInitializer })
 * const model = sequential({ layers: [hidden, norm, layers.dense({ units: 2 })] })
 * const select = { include: 'hidden/kernel' }
 * const mask = await computeMask(model, { density: 0.5, criterion: batchNormScale(), granularity: units(), select })
 * if (mask.kept !== 6) throw new Error('two units of three inputs')
 * ```
 */
export function batchNormScale(): Criterion {
  return needing(['batchNormScale'], ({ final, batchNormScale: gamma }) =>
    broadcastTo(abs(gamma), final.shape),
  )
}
