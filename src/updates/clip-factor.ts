import { add, div, minimum, sqrt, type Tensor } from '@tensorflow/tfjs-core'

/** The factor that clips gradients whose squares have this sum. */
export function clipFactor(total: Tensor, clipNorm: number): Tensor {
  // The small number keeps 0 / 0 out, as in PyTorch's clip_grad_norm_.
  return minimum(1, div(clipNorm, add(sqrt(total), 1e-6)))
}
