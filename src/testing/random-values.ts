import type { Tensor } from '@tensorflow/tfjs-core'
import { randomStream } from '../internal/random.js'

/** Seeded values in [-1, 1) without a zero. */
export function randomValues(size: number, seed: number): Float32Array {
  const { uniform } = randomStream(seed)
  return Float32Array.from({ length: size }, () => 2 * uniform() - 1 || 1)
}

/** The 32 bits of each float, so that -0 is not +0. */
export function bitsOf(values: Tensor): number[] {
  return [...new Uint32Array((values.dataSync() as Float32Array).slice().buffer)]
}
