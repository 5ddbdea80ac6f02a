/**
 * The wasm backend of TensorFlow.js, with the gradients that it lacks: convolutional networks train
 * on it.
 *
 * @module tfjs-prune/backends/wasm
 */
export type { ReplaceableKernel } from './kernels/kernels-by-name.js'
export {
  type RegisterWasmGradientsOptions,
  registerWasmGradients,
} from './register-wasm-gradients.js'
