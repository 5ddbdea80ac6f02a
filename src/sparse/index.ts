/**
 * Sparse: a pruned network compiled to WebAssembly that skips its zeros.
 *
 * @module tfjs-prune/sparse
 */
export { type CompileSparseOptions, compileSparse } from './compile-sparse.js'
export { type ToWasmOptions, toWasm, type WasmNetwork } from './module/to-wasm.js'
export type { Shape } from './network/network.js'
export type { NetworkSource } from './network/source.js'
export type { SparseInput, TensorLike } from './read-inputs.js'
export type { TensorTools } from './sources/call-layer.js'
export { type OpenCompressedOptions, openCompressed } from './sources/open-compressed.js'
export { type SparseEngineOptions, sparseEngine } from './sparse-engine.js'
export type {
  NumberArray,
  Predict,
  SparseNetwork,
  SparseStats,
  StepStats,
} from './sparse-network.js'
export { type Threads, type WorkerThreadsOptions, workerThreads } from './threads/worker-threads.js'
