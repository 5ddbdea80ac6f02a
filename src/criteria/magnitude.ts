import { abs } from '@tensorflow/tfjs-core'
import type { Criterion, ScoredWeight } from '../types.js'

/**
 * Keeps the weights that are large after training: score = |w|.
 *
 * Sibling of {@link magnitudeIncrease}, which asks how much a weight grew.
 *
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @see Han et al. 2015, Learning both Weights and Connections for Efficient Neural Networks, arXiv
 *   1506.02626.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, magnitude } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 4, inputShape: [4] })] })
 * const mask = await computeMask(model, { density: 0.5, criterion: magnitude() })
 * if (mask.kept !== 8) throw new Error('half of 16 weights stay')
 * ```
 */
export function magnitude(): Criterion {
  return Object.assign(({ final }: ScoredWeight) => abs(final), { showsNonFinite: true })
}
