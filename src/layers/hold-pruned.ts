import { clone, customGrad, type Tensor } from '@tensorflow/tfjs-core'
import { keepOnly } from '../internal/keep-only.js'

/**
 * A weight whose pruned places are 0, as masking layers compute with it: its gradient is 0 there
 * too. The gradient that comes in is overwritten where it can be: the operations of stock layers
 * make one for each input, and look no more.
 */
export function holdPruned(weight: Tensor, mask: Tensor): Tensor {
  const masked = customGrad((...inputs) => {
    const [values, save] = inputs as [Tensor, (tensors: Tensor[]) => void]
    save([mask])
    const gradFunc = (dy: Tensor, [kept]: Tensor[]) =>
      keepOnly(dy, kept!, { finite: true, overwrite: true })
    return { value: clone(values), gradFunc }
  })
  return masked(weight)
}
