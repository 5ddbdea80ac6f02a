import { div, type Tensor, type Tensor1D, unstack, zeros } from '@tensorflow/tfjs-core'
import { channelSums } from './channel-sums.js'

/** Mean and variance a channel, `[channels]`. */
export interface Moments {
  readonly mean: Tensor1D
  readonly variance: Tensor1D
}

/**
 * The moments of `[..., channels]` over all axes but the last, in two passes, as one that adds up
 * squares alone loses the variance of values far from 0. No gradient sees them.
 */
export function batchMoments(x: Tensor): Moments {
  const channels = x.shape.at(-1)!
  const rows = x.size / channels
  const about = (mean: Tensor) => unstack(div(channelSums('deviations', { x, mean }), rows))
  const [mean] = about(zeros([channels])) as [Tensor1D]
  const [, variance] = about(mean) as [Tensor1D, Tensor1D]
  return { mean, variance }
}
