import { clone, customGrad, type Tensor } from '@tensorflow/tfjs-core'
import { keepOnly } from '../internal/keep-only.js'

/**
 * A weight whose pruned places are 0, as masking layers compute with it: its gradient is 0 there
 * too. `overwrite` says that nobody else holds the gradient that comes in: it is then masked in
 * place.
 */
export function holdPruned(weight: Tensor, mask: Tensor, overwrite: boolean): Tensor {
  const masked = customGrad((...inputs) => {
    const [values, save] = inputs as [Tensor, (tensors: Tensor[]) => void]
    save([mask])
    const gradFunc = (dy: Tensor, [kept]: Tensor[]) =>
      keepOnly(dy, kept!, { finite: true, overwrite })
    return { value: clone(values), gradFunc }
  })
  return masked(weight)
}
