import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import { runElementwise } from '../elementwise/run-elementwise.js'
import { floatsOf, indexOf, type KernelMaker } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'

type Inputs = Readonly<Record<'x' | 'mean' | 'variance', TensorInfo>> &
  Readonly<Partial<Record<'scale' | 'offset', TensorInfo>>>

const scaled: Elementwise = {
  name: 'scaled',
  of: ({ difference, product }, x, mean, factor) => product(difference(x!, mean!), factor!),
}

const moved: Elementwise = {
  name: 'moved',
  of: (lanes, x, mean, factor, offset) => lanes.sum(scaled.of(lanes, x!, mean!, factor!), offset!),
}

/**
 * FusedBatchNorm over the last axis: (x - mean) * scale / sqrt(variance + epsilon) + offset, the
 * factor once a channel and not once a value.
 */
export const fusedBatchNorm: KernelMaker = (stock) => (call) => {
  const { inputs, attrs, backend } = call
  const { x, mean, variance, scale, offset } = inputs as Inputs
  const channels = x.shape.at(-1)
  const given = [mean, variance, scale, offset].filter(
    (each) => each !== undefined && each !== null,
  )
  const fits = given.every(
    ({ shape, dtype }) => dtype === 'float32' && shape.length === 1 && shape[0] === channels,
  )
  const { simd } = engineOf(backend)
  if (!simd || !fits || x.dtype !== 'float32' || util.sizeFromShape(x.shape) === 0)
    return stock(call)
  const factor = backend.makeOutput(mean.shape, 'float32')
  const [variances, to] = [indexOf(backend, variance), indexOf(backend, factor)]
  const scales = scale ? indexOf(backend, scale) : undefined
  const heap = floatsOf(backend)
  for (let i = 0; i < channels!; i++) {
    const own = scales === undefined ? 1 : heap[scales + i]!
    heap[to + i] = own / Math.sqrt(heap[variances + i]! + (attrs.varianceEpsilon as number))
  }
  const out = runElementwise(backend, offset ? moved : scaled, [
    x,
    mean,
    factor,
    ...(offset ? [offset] : []),
  ])!
  backend.disposeData(factor.dataId)
  return out
}
