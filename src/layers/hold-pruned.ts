import { customGrad, type Tensor } from '@tensorflow/tfjs-core'
import { keepOnly } from '../internal/keep-only.js'

/** The weight that a masking layer computes with: the weight where its mask is 1, else 0; the gradient likewise. */
export function holdPruned(weight: Tensor, mask: Tensor): Tensor {
  const masked = customGrad((...inputs) => {
    const [values, save] = inputs as [Tensor, (tensors: Tensor[]) => void]
    save([mask])
    const gradFunc = (dy: Tensor, [kept]: Tensor[]) => keepOnly(dy, kept!, { finite: true })
    return { value: keepOnly(values, mask, { finite: true }), gradFunc }
  })
  return masked(weight)
}
