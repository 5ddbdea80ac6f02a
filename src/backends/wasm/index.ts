/**
 * The wasm backend of TensorFlow.js, with the gradients that it lacks: convolutional networks train
 * on it.
 *
 * @module tfjs-prune/backends/wasm
 */
export {
  type RegisterWasmGradientsOptions,
  type ReplaceableKernel,
  registerWasmGradients,
} from './register-wasm-gradients.js'
