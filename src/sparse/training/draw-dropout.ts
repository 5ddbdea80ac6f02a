import { dropout, ones, tidy } from '@tensorflow/tfjs-core'
import type { Dropout } from './reading/training-readers.js'

/** The mask of a dropout layer for a batch, as tfjs draws it. */
export function drawDropout(
  { shape, rate, noiseShape, seed }: Dropout,
  samples: number,
): Float32Array {
  const whole = [samples, ...shape]
  const noise = noiseShape?.map((side, axis) => side ?? whole[axis]!)
  return tidy(() => dropout(ones(whole), rate, noise, seed).dataSync() as Float32Array)
}
