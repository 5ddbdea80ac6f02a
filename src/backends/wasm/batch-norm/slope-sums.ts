import {
  add,
  customGrad,
  type GradSaveFunc,
  mul,
  neg,
  sub,
  sum,
  type Tensor,
  unstack,
} from '@tensorflow/tfjs-core'
import { canSum, channelSums } from './channel-sums.js'

/**
 * The sums of dy and of dy (x - mean) over all axes but the last, in one pass. dy and x are of shape
 * [..., channels], mean and both sums of [channels]. Undefined where there is no such pass: without
 * SIMD, for another dtype than float32, or without values.
 */
export function slopeSums(
  dy: Tensor,
  x: Tensor,
  mean: Tensor,
): readonly [ofDy: Tensor, ofBoth: Tensor] | undefined {
  if (!canSum([dy, x, mean])) return undefined
  const axes = x.shape.slice(1).map((_, axis) => axis)
  const run = customGrad<Tensor>((...given) => {
    const [dy, x, mean] = given as [Tensor, Tensor, Tensor]
    const save = given.at(-1) as unknown as GradSaveFunc
    save([dy, x, mean])
    const gradFunc = (dSums: Tensor, saved: Tensor[]) => {
      const [dy, x, mean] = saved as [Tensor, Tensor, Tensor]
      const [ofDy, ofBoth] = unstack(dSums) as [Tensor, Tensor]
      return [
        add(ofDy, mul(ofBoth, sub(x, mean))),
        mul(dy, ofBoth),
        neg(mul(ofBoth, sum(dy, axes))),
      ]
    }
    return { value: channelSums('slopes', { dy, x, mean }), gradFunc }
  })
  return unstack(run(dy, x, mean)) as [Tensor, Tensor]
}
