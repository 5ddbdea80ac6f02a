import type { Allocator } from '../types.js'

/**
 * Every weight keeps the same share: k = round(size * density) each. The paper's way.
 *
 * Small layers starve at low densities: of the 128 weights of a 64-2 output layer 2 stay at 1.57 %.
 * `spareEnds` or `limits` of the selection (a minimum per layer) prevent it. Sibling of
 * {@link globally}, which lets layers compete. Where size * density ends in a half, one more stays;
 * PyTorch rounds the number that it prunes, halves to even.
 *
 * @returns An allocator. The limits of a weight win over the density.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, perLayer } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 10, inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const mask = await computeMask(model, { density: 0.25, allocate: perLayer() })
 * if (mask.weights.map(({ kept }) => kept).join() !== '10,5') throw new Error('a quarter of 40 and of 20')
 * ```
 */
export function perLayer(): Allocator {
  return oneShare
}

/** One function for all: others tell by it that all layers keep one share. */
const oneShare: Allocator = (weights, density) =>
  weights.map(({ size, minimumKept, maximumKept }) =>
    Math.min(Math.max(Math.round(size * density), minimumKept), maximumKept),
  )
