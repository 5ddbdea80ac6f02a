import { addN, type Tensor } from '@tensorflow/tfjs-core'

/**
 * The sum of tensors of one shape and dtype, two at a time in a balanced tree: WebGPU binds 8
 * buffers a kernel, and its addN of 8 tensors or more returns wrong values without an error.
 * Gradients pass. To be called in a tidy.
 */
export function addAll<T extends Tensor>(tensors: readonly T[]): T {
  const { length } = tensors
  if (length <= 2) return addN<T>([...tensors])
  const half = Math.ceil(length / 2)
  return addN<T>([addAll(tensors.slice(0, half)), addAll(tensors.slice(half))])
}
