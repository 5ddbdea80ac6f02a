import { add, mul, neg, rsqrt, type Tensor } from '@tensorflow/tfjs-core'
import { slopeSums } from '../batch-norm/slope-sums.js'
import type { BetterGradient } from './replace-gradient.js'

/**
 * The gradients of FusedBatchNorm over the last axis. All but that of x follow from two sums a
 * channel, of dy and of dy (x - mean); the stock ones repeat factors to the size of x.
 */
export const fusedBatchNorm: BetterGradient = (dy, saved, attrs) => {
  const [x, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor]
  const fits = [mean, variance, scale].every(
    ({ shape }) => shape.length === 1 && shape[0] === x.shape.at(-1),
  )
  if (!fits) return undefined
  const inverse = rsqrt(add(variance, attrs.varianceEpsilon as number))
  const factor = mul(scale, inverse)
  const [total, tilt] = slopeSums(dy, x, mean)
  const deviations = mul(tilt, inverse)
  return {
    x: () => mul(dy, factor),
    mean: () => neg(mul(total, factor)),
    variance: () => mul(mul(deviations, mul(factor, inverse)), -0.5),
    scale: () => deviations.clone(),
    offset: () => total.clone(),
  }
}
