/**
 * The wasm backend of TensorFlow.js, with the gradients that it lacks: convolutional networks train
 * on it, and recurrent ones and batch norms faster.
 *
 * @module tfjs-prune/backends/wasm
 */
export { fuseBatchNorms } from './fuse-batch-norms.js'
export type { FusedLayers, LeftLayer } from './fuse-layers.js'
export { fuseRecurrent } from './fuse-recurrent.js'
export { type MaskedProducts, maskedProducts } from './masked-products.js'
export { registerMaskedKernels } from './register-masked-kernels.js'
export {
  type RegisterWasmGradientsOptions,
  type ReplaceableKernel,
  registerWasmGradients,
} from './register-wasm-gradients.js'
