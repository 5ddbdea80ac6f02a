/**
 * Out of tfjs: a model as an ONNX file, which other runtimes run.
 *
 * @module tfjs-prune/onnx
 */
export { type ToOnnxOptions, toOnnx } from './to-onnx.js'
