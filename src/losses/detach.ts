import { customGrad, type Tensor, zeros } from '@tensorflow/tfjs-core'

/**
 * Computes a value that gradients do not flow through: the gradient of every input is zero.
 *
 * Nothing inside `compute` reaches the tape, so operations without a gradient, such as `topk`, may
 * be used there. `compute` must return a new tensor, not one of its inputs. The caller disposes the
 * result.
 */
export function detach(compute: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Tensor {
  const withoutGradient = customGrad(() => ({
    value: compute(...inputs),
    gradFunc: () => inputs.map(({ shape }) => zeros(shape)),
  }))
  return withoutGradient(...inputs)
}
