import { abs } from '@tensorflow/tfjs-core'
import type { Criterion, ScoredWeight } from '../types.js'
import { scoresFromValues } from './host-scores.js'

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
  const sizes = ({ final }: ScoredWeight) => abs(final)
  return scoresFromValues(Object.assign(sizes, { showsNonFinite: true }), sizesOf)
}

/** In one pass over the bits, which a sign does not make larger. */
function sizesOf({ buffer, byteOffset, length }: Float32Array): Float32Array | undefined {
  const bits = new Int32Array(buffer, byteOffset, length)
  const sizes = new Int32Array(length)
  let carried = 0
  for (let i = 0; i < length; i++) {
    const size = bits[i]! & 0x7fff_ffff
    // Overflows to a negative number where the exponent is all ones, as in a NaN.
    carried |= size + 0x0080_0000
    sizes[i] = size
  }
  return carried < 0 ? undefined : new Float32Array(sizes.buffer)
}
