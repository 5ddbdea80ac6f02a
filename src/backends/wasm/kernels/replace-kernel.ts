import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { asKernelFunc, type Kernel, type KernelMaker } from '../engine/backend.js'

const ours = new WeakSet<KernelFunc>()

/**
 * Puts our kernel in the place of the backend's; false when one of ours is there already. With
 * `around` it goes around one of ours, too.
 */
export function replaceKernel(
  kernelName: string,
  maker: KernelMaker,
  { around = false } = {},
): boolean {
  const stock = getKernel(kernelName, 'wasm')
  if (!stock || (!around && ours.has(stock.kernelFunc))) return false
  const kernelFunc = asKernelFunc(maker(stock.kernelFunc as unknown as Kernel))
  ours.add(kernelFunc)
  unregisterKernel(kernelName, 'wasm') // or tfjs warns
  registerKernel({ ...stock, kernelFunc }) // with the setup that the stock kernel still needs
  return true
}
