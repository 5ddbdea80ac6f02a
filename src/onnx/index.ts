/**
 * Out of tfjs: a model as an ONNX file, which other runtimes run.
 *
 * @module tfjs-prune/onnx
 */
export type { DecisionThreshold } from '../certify/stored-decision.js'
export { decisionThreshold } from './decision-threshold.js'
export type { FileMetadata } from './file-metadata.js'
export type { StoredValues } from './passes/store-values.js'
export type { DataFormat } from './read-graph.js'
export type { NamedTensors, RuntimeCheck, RuntimeTensor } from './runtime-check.js'
export { type ToOnnxOptions, toOnnx } from './to-onnx.js'
