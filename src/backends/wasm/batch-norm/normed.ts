import {
  add,
  backend,
  batchNorm,
  customGrad,
  div,
  engine,
  type GradSaveFunc,
  moments,
  mul,
  rsqrt,
  sub,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core'
import type { Elementwise } from '../code/elementwise-code.js'
import { runElementwise } from '../elementwise/run-elementwise.js'
import type { WasmBackend } from '../engine/backend.js'
import type { Moments } from './batch-moments.js'
import { canSum } from './channel-sums.js'
import { slopeSums } from './slope-sums.js'

/** factor (dy - slope - (x - mean) tilt) */
const inputSlope: Elementwise = {
  name: 'normSlope',
  of: ({ difference, product }, dy, x, mean, factor, slope, tilt) =>
    product(difference(difference(dy!, slope!), product(difference(x!, mean!), tilt!)), factor!),
}

/**
 * The batch norm of x by its own moments. The gradient of x goes through the moments too:
 *
 *   dx = scale / s (dy - mean(dy) - (x - mean) / s^2 mean(dy (x - mean))), s^2 = variance + epsilon
 *
 * which takes two passes, where tfjs adds up three gradients of the size of x.
 */
export function normed(
  [x, scale, offset]: readonly [Tensor, Tensor, Tensor],
  { mean, variance, epsilon }: Moments & { readonly epsilon: number },
): Tensor {
  const run = customGrad<Tensor>((...given) => {
    const [x, scale, offset] = given as Tensor[] as [Tensor, Tensor1D, Tensor1D]
    const save = given.at(-1) as unknown as GradSaveFunc
    save([x, scale, mean, variance])
    const value = batchNorm(x, mean, variance, offset, scale, epsilon)
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => gradientsOf(dy, saved, epsilon) }
  })
  return run(x, scale, offset)
}

/** Those of x, scale and offset. */
function gradientsOf(dy: Tensor, saved: readonly Tensor[], epsilon: number): Tensor[] {
  const [x, scale, ...kept] = saved as [Tensor, Tensor, Tensor, Tensor]
  const axes = x.shape.slice(1).map((_, axis) => axis)
  const isWatched = engine().state.gradientDepth > 0
  const { mean, variance } = isWatched
    ? moments(x, axes) // another gradient goes through these too
    : { mean: kept[0]!, variance: kept[1]! }
  const rows = x.size / mean.size
  const inverse = rsqrt(add(variance, epsilon))
  const [total, both] = slopeSums(dy, x, mean)
  const tilt = div(mul(both, mul(inverse, inverse)), rows)
  const factors = [mean, mul(scale, inverse), div(total, rows), tilt] as const
  const ofX = isWatched ? undefined : inOnePass(dy, x, factors)
  return [ofX ?? ofInput(dy, x, factors), mul(both, inverse), total.clone()]
}

type Factors = readonly [mean: Tensor, factor: Tensor, slope: Tensor, tilt: Tensor]

/** Undefined where there is no such pass. No gradient sees it. */
function inOnePass(dy: Tensor, x: Tensor, factors: Factors): Tensor | undefined {
  const operands = [dy, x, ...factors]
  if (!canSum(operands)) return undefined
  const info = runElementwise(backend() as WasmBackend, inputSlope, operands)!
  return engine().makeTensorFromTensorInfo(info)
}

function ofInput(dy: Tensor, x: Tensor, [mean, factor, slope, tilt]: Factors): Tensor {
  return mul(sub(sub(dy, slope), mul(sub(x, mean), tilt)), factor)
}
