import {
  type GradFunc,
  getBackend,
  getGradient,
  registerGradient,
  type Tensor,
  unregisterGradient,
} from '@tensorflow/tfjs-core'

/** A gradient on wasm; undefined for the cases that it leaves to the stock one. */
export type BetterGradient = (
  dy: Tensor,
  saved: readonly Tensor[],
  attrs: Parameters<GradFunc>[2],
) => ReturnType<GradFunc> | undefined

const ours = new WeakSet<GradFunc>()

/**
 * Puts a gradient in the place of that of a kernel, on the wasm backend: gradients are those of all
 * backends, so that the others are handed to the one that was there.
 */
export function replaceGradient(kernelName: string, better: BetterGradient): void {
  const stock = getGradient(kernelName)
  if (!stock || ours.has(stock.gradFunc)) return
  const gradFunc: GradFunc = (dy, saved, attrs) =>
    (getBackend() === 'wasm' && !Array.isArray(dy) ? better(dy, saved, attrs) : undefined) ??
    stock.gradFunc(dy, saved, attrs)
  ours.add(gradFunc)
  unregisterGradient(kernelName) // or tfjs warns
  registerGradient({ ...stock, gradFunc })
}
