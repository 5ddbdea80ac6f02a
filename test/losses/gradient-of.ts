// tfjs-core alone registers no gradients.
import '@tensorflow/tfjs-layers'
import { type Tensor, tidy, valueAndGrad } from '@tensorflow/tfjs-core'
import type { Loss } from '../../src/types.js'

/** A loss's value and its gradient in flat order. */
export function gradientOf(
  loss: Loss,
  labels: Tensor,
  outputs: Tensor,
): { value: number; gradient: number[] } {
  return tidy(() => {
    const { value, grad } = valueAndGrad((x: Tensor) => loss(labels, x))(outputs)
    return { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] }
  })
}

export const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/**
 * The largest distance between two lists, in units of the largest magnitude in `wanted` (at least
 * 1e-3).
 */
export function distance(got: readonly number[], wanted: readonly number[]): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY
  const unit = wanted.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3)
  return got.reduce((top, value, i) => Math.max(top, Math.abs(value - wanted[i]!) / unit), 0)
}
