import {
  add,
  customGrad,
  type GradSaveFunc,
  mul,
  neg,
  sub,
  sum,
  type Tensor,
  tidy,
  unstack,
} from '@tensorflow/tfjs-core'
import { canSum, channelSums } from './channel-sums.js'

/**
 * The sums of dy and of dy (x - mean) over all axes but the last, in one pass where the backend has
 * it. dy and x are of shape [..., channels], mean and both sums of [channels].
 */
export function slopeSums(
  dy: Tensor,
  x: Tensor,
  mean: Tensor,
): readonly [ofDy: Tensor, ofBoth: Tensor] {
  const axes = x.shape.slice(1).map((_, axis) => axis)
  if (!canSum([dy, x, mean])) {
    // Else tfjs keeps two tensors of the size of x until the whole backward pass is over.
    const ofBoth = tidy(() => sum(mul(dy, sub(x, mean)), axes))
    return [sum(dy, axes), ofBoth]
  }
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
