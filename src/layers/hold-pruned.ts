import { cast, customGrad, mul, type Tensor } from '@tensorflow/tfjs-core'

/**
 * The weight that a masking layer computes with: mask * weight, with the gradient mask * dy.
 *
 * A product, not tf.where: that takes ten times as long on wasm. Pruned weights rest at +0, and so is their product.
 */
export function holdPruned(weight: Tensor, mask: Tensor): Tensor {
  const masked = customGrad((...inputs) => {
    const [values, save] = inputs as [Tensor, (tensors: Tensor[]) => void]
    const kept = cast(mask, values.dtype)
    save([kept])
    return { value: mul(kept, values), gradFunc: (dy, saved) => mul(saved[0]!, dy) }
  })
  return masked(weight)
}
