import { getKernel } from '@tensorflow/tfjs-core'
import { replaceKernel } from './kernels/replace-kernel.js'
import { maskedKernels } from './masked/masked-kernels.js'
import { type Pays, pays } from './masked/pays.js'

const task = 'register masked kernels'

const ours = new WeakSet<object>()
const kernelFuncOf = (name: string): object => getKernel(name, 'wasm').kernelFunc

/**
 * Lets products of pruned weights on the wasm backend take the time of the weights that are kept.
 *
 * Holds for models with `maskedOptimizer` and for masking layers (`withMasks`): in own loops,
 * `model.fit`, `fit` and `predict`, from the second step on. Conv1D, Conv2D and Dense layers, and
 * own calls of their operations, leave out pruned weights in the forward pass and in the gradient
 * of their inputs. Gradients of weights are worked out at kept places alone while the masked
 * optimizer asks for them (`minimize`, `model.fit`), and behind masking layers. Wherever somebody
 * else would see them (`tf.grads`, `variableGrads`, criteria, gradients of gradients), they are
 * whole. A product runs dense as before where that is faster, by a measured rule: small layers,
 * single images, most weights kept. So it does with an activation fused in other than relu and
 * relu6, on hosts without SIMD, and in the build of the backend with threads.
 *
 * Values are those of the dense kernels to 1e-5 of the largest, and the weights after a step are 0
 * at the same places. A NaN or an infinite input spreads to those outputs alone that a kept weight
 * connects it with. A kept weight takes 24 bytes of places, which go with the mask.
 *
 * @returns The names of the kernels that this call replaced; empty when there was nothing to do.
 * @throws {Error} If {@link registerWasmGradients} has not been called yet.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm'
 * import { randomNormal, setBackend, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyMask, computeMask, maskedOptimizer } from 'tfjs-prune'
 * import { registerMaskedKernels, registerWasmGradients } from 'tfjs-prune/backends/wasm'
 *
 * await setBackend('wasm')
 * registerWasmGradients()
 * registerMaskedKernels() // once, after registerWasmGradients
 * const model = sequential({ layers: [layers.dense({ units: 300, inputShape: [784] })] })
 * const mask = await computeMask(model, { density: 0.05 })
 * applyMask(model, mask)
 * const optimizer = maskedOptimizer(model, train.adam(0.01), mask)
 * model.compile({ optimizer, loss: 'meanSquaredError' })
 * await model.fit(randomNormal([64, 784]), randomNormal([64, 300]), { epochs: 2, verbose: 0 })
 * const alive = model.getWeights()[0]!.dataSync().filter((value) => value !== 0)
 * if (alive.length > 784 * 300 * 0.05) throw new Error('pruned weights came back')
 * ```
 */
export function registerMaskedKernels(): string[] {
  return replaceByMasked(pays)
}

/** The same by another rule of the products that are to leave out pruned weights. */
export function replaceByMasked(pays: Pays): string[] {
  if (!getKernel('Conv2DBackpropFilter', 'wasm')) {
    const wanted = 'expected registerWasmGradients() to be called first'
    throw new Error(`Cannot ${task}: ${wanted}, got a backend without Conv2DBackpropFilter`)
  }
  return Object.entries(maskedKernels(pays)).flatMap(([name, maker]) => {
    if (ours.has(kernelFuncOf(name)) || !replaceKernel(name, maker, { around: true })) return []
    ours.add(kernelFuncOf(name))
    return [name]
  })
}
