/**
 * Files: a pruned model saved in few bytes, loaded again, and measured.
 *
 * @module tfjs-prune/files
 */
export {
  type CompressedHandlerOptions,
  type CompressedSource,
  compressedHandler,
} from './compressed-handler.js'
export { fileHandler } from './disk/file-handler.js'
export type { FileSize } from './measure/file-size.js'
export {
  type NarrowestOptions,
  type NarrowestResult,
  type NarrowTrial,
  type NarrowTrials,
  narrowest,
  type RefusedType,
} from './measure/narrowest.js'
export {
  type RefusedFile,
  type SizeReport,
  type SizeReportOptions,
  sizeReport,
  type WeightSize,
} from './measure/size-report.js'
export {
  type CompressedTarget,
  type SaveCompressedOptions,
  saveCompressed,
} from './save-compressed.js'
export { type SaveQuantisedOptions, saveQuantised } from './save-quantised.js'
export { type StripOptions, strip } from './strip.js'
export type { CompressedType, QuantisedType, ValueType } from './values/value-type.js'
