import { engine, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import { noteStockCall } from '../../../internal/stock-call.js'
import { batchMoments } from './batch-moments.js'
import { canSum } from './channel-sums.js'
import { type NormLayer, reasonAgainst } from './norm-layer.js'
import { normed } from './normed.js'

type Call = NormLayer['call']

/**
 * Runs a batch norm the fused way in training where it can, and by `ordinary` elsewhere: both give
 * one value.
 */
export function fusedNormCall(layer: NormLayer, ordinary: Call): Call {
  return noteStockCall((inputs, options) =>
    tidy(() => {
      const [x] = [inputs].flat() as [Tensor]
      const fits = options?.training && canRun(layer, x)
      return fits ? runFused(layer, x) : ordinary(inputs, options)
    }),
  )
}

/** Whether the backend can, tfjs has norms of such a rank, and no gradient of a gradient is taken. */
const canRun = (layer: NormLayer, x: Tensor): boolean =>
  engine().state.gradientDepth <= 1 &&
  canSum([x]) &&
  x.rank >= 2 &&
  x.rank <= 4 &&
  reasonAgainst(layer) === undefined

function runFused(layer: NormLayer, x: Tensor): Tensor {
  const { gamma, beta, movingMean, movingVariance, momentum, epsilon } = layer
  const moments = batchMoments(x)
  const out = normed([x, gamma!.read(), beta!.read()], { ...moments, epsilon })
  move(movingMean, moments.mean, momentum)
  move(movingVariance, moments.variance, momentum)
  return out
}

/** Moves a statistic towards the one of a batch, as tfjs does. */
function move(statistic: LayerVariable, value: Tensor, momentum: number): void {
  const before = statistic.read()
  statistic.write(sub(before, mul(sub(before, value), 1 - momentum)))
}
