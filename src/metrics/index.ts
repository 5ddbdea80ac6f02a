/**
 * Metrics: the misses of a classifier, and how sure they are. Pure functions of typed arrays that
 * load nothing of TensorFlow.js.
 *
 * @module tfjs-prune/metrics
 */
export { type AucRocOptions, aucRoc } from './auc-roc.js'
export { type AucScoreIntervalOptions, aucScoreInterval } from './auc-score-interval.js'
export { type AveragePrecisionOptions, averagePrecision } from './average-precision.js'
export { type ClopperPearsonOptions, clopperPearson } from './clopper-pearson.js'
export {
  type CollapsedClass,
  type CollapsedClassesOptions,
  collapsedClasses,
} from './collapsed-classes.js'
export {
  type CollapsedLayer,
  type CollapsedLayersOptions,
  collapsedLayers,
} from './collapsed-layers.js'
export { type ConfusionOptions, confusion, confusionOfClasses } from './confusion.js'
export {
  type DelongInterval,
  type DelongIntervalOptions,
  delongInterval,
} from './delong-interval.js'
export { type DelongTest, type DelongTestOptions, delongTest } from './delong-test.js'
export {
  type FalseNegativeRateAtOptions,
  falseNegativeRateAt,
} from './false-negative-rate-at.js'
export { holm } from './holm.js'
export {
  type LedgerMisses,
  type LedgerMissesAtRate,
  type LedgerOptions,
  type LedgerRow,
  ledger,
} from './ledger.js'
export {
  type LostPositives,
  type LostPositivesOptions,
  lostPositives,
} from './lost-positives.js'
export {
  type McnemarOptions,
  type McnemarTest,
  mcnemar,
  mcnemarOfPredictions,
} from './mcnemar.js'
export {
  type PartialAucBase,
  type PartialAucOfFpr,
  type PartialAucOfTpr,
  type PartialAucOptions,
  partialAuc,
} from './partial-auc.js'
export {
  type PrecisionRecallCurve,
  type PrecisionRecallCurveOptions,
  precisionRecallCurve,
} from './precision-recall-curve.js'
export {
  accuracy,
  falseNegativeRate,
  falsePositiveRate,
  precision,
  recall,
} from './rates.js'
export {
  type RatesAtFixed,
  type RatesAtFixedOptions,
  type RatesAtThreshold,
  ratesAtFixed,
  type ScoredSamples,
} from './rates-at-fixed.js'
export {
  type ClassRecall,
  type RecallByClassOptions,
  type RecallEstimate,
  recallByClass,
} from './recall-by-class.js'
export { type RocCurve, type RocCurveOptions, rocCurve } from './roc-curve.js'
export {
  type SignedRankInterval,
  type SignedRankIntervalOptions,
  signedRankInterval,
} from './signed-rank-interval.js'
export {
  type ThresholdByCost,
  type ThresholdByCostOptions,
  thresholdByCost,
} from './threshold-by-cost.js'
export {
  type ThresholdForFalsePositiveRateOptions,
  thresholdForFalsePositiveRate,
} from './threshold-for-false-positive-rate.js'
export {
  type OperatingPoint,
  type ThresholdForRecallOptions,
  thresholdForRecall,
} from './threshold-for-recall.js'
export {
  type WilcoxonSignedRank,
  type WilcoxonSignedRankOptions,
  wilcoxonSignedRank,
} from './wilcoxon-signed-rank.js'
export { type WilsonOptions, wilson } from './wilson.js'
