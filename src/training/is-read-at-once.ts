import { getBackend } from '@tensorflow/tfjs-core'

/** Whether tensors are in the memory of the program: a loop is several times as fast as a kernel. */
export function isReadAtOnce(): boolean {
  return ['cpu', 'wasm'].includes(getBackend())
}
