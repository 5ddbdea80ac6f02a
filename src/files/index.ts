/**
 * Files: a pruned model saved in few bytes, loaded again, and measured.
 *
 * @module tfjs-prune/files
 */
export type { EvaluateArtifacts, MeasuredArtifacts } from '../artifacts/measured-artifacts.js'
export type { ArtifactSource, GraphModelLike, ModelSource } from '../artifacts/model-source.js'
export {
  type CompressedHandlerOptions,
  type CompressedSource,
  compressedHandler,
} from './compressed-handler.js'
export type { CompressedTarget } from './compressed-target.js'
export { type FileHandlerOptions, fileHandler } from './disk/file-handler.js'
export { type CertifiedFiles, certifyFiles } from './measure/certify-files.js'
export type { CertifyFilesOptions } from './measure/certify-files-options.js'
export type { FileCandidate } from './measure/certify-stored.js'
export type { FileSize } from './measure/file-size.js'
export type { EvaluateSource } from './measure/measured-source.js'
export { narrowest } from './measure/narrowest.js'
export type { NarrowestCertifyOptions } from './measure/narrowest-certify-options.js'
export type { NarrowestOptions } from './measure/narrowest-options.js'
export type {
  NarrowestResult,
  NarrowTrial,
  NarrowTrials,
  RefusedType,
} from './measure/narrowest-result.js'
export {
  type RefusedFile,
  type SizeReport,
  type SizeReportOptions,
  sizeReport,
} from './measure/size-report.js'
export type { WeightSize } from './measure/size-rows.js'
export type { CompressedType, QuantisedType, ValueType } from './model/value-type.js'
export {
  type CompressedSaveResult,
  type SaveCompressedOptions,
  saveCompressed,
} from './save-compressed.js'
export { type SaveQuantisedOptions, saveQuantised } from './save-quantised.js'
export { type StripOptions, strip } from './strip.js'
