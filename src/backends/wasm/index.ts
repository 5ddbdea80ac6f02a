export {
  type RegisterWasmGradientsOptions,
  type ReplaceableKernel,
  registerWasmGradients,
} from './register-wasm-gradients.js'
