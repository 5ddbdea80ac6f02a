/**
 * Out of tfjs: a model as an ONNX file, which other runtimes run.
 *
 * @module tfjs-prune/onnx
 */
export type { DataFormat } from './read-graph.js'
export { type ToOnnxOptions, toOnnx } from './to-onnx.js'
