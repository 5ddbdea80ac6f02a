import { productCounts } from './masked/product-counts.js'

/** How products of pruned weights ran. */
export interface MaskedProducts {
  /** Products that left pruned weights out. */
  readonly masked: number
  /**
   * Products of pruned weights that ran dense: that is faster for them, or the host cannot do
   * otherwise.
   */
  readonly dense: number
}

/**
 * Tells whether the kernels of {@link registerMaskedKernels} leave pruned weights out: counts the
 * products of pruned weights on the wasm backend since they were registered. Forward passes and
 * both gradients count, each by itself. Products whose weights have no known mask do not count.
 *
 * @returns The counts so far; both are 0 before kernels are registered.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm'
 * import { randomNormal, setBackend, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyMask, computeMask, maskedOptimizer } from 'tfjs-prune'
 * import {
 *   maskedProducts,
 *   registerMaskedKernels,
 *   registerWasmGradients,
 * } from 'tfjs-prune/backends/wasm'
 *
 * await setBackend('wasm')
 * registerWasmGradients()
 * registerMaskedKernels()
 * const model = sequential({ layers: [layers.dense({ units: 300, inputShape: [784] })] })
 * const mask = await computeMask(model, { density: 0.05 })
 * applyMask(model, mask)
 * const optimizer = maskedOptimizer(model, train.adam(0.01), mask)
 * model.compile({ optimizer, loss: 'meanSquaredError' })
 * await model.fit(randomNormal([64, 784]), randomNormal([64, 300]), { epochs: 2, verbose: 0 })
 * if (maskedProducts().masked === 0) throw new Error('pruned weights are left out')
 * ```
 */
export function maskedProducts(): MaskedProducts {
  return { ...productCounts }
}
