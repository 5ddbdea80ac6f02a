/**
 * Losses: which mistakes training pays for. All of them are here; `paper`, `classDependent` and
 * `weightedCrossentropy`, the paper's own, are in `tfjs-prune` too.
 *
 * @module tfjs-prune/losses
 */
export { paper } from '../paper.js'
export { type AdjustLogitsOptions, adjustLogits } from './adjust-logits.js'
export { type AsymmetricOptions, asymmetric } from './asymmetric.js'
export { aucPairwise } from './auc-pairwise.js'
export { type AucmOptions, aucm } from './aucm.js'
export { betaForRatio } from './beta-for-ratio.js'
export type { FalseNegativeBudget, FalseNegativeBudgetOptions } from './budget-options.js'
export { byEpoch } from './by-epoch.js'
export { byRound } from './by-round.js'
export type { ClassBudget } from './class-budget.js'
export { type ClassDependentOptions, classDependent } from './class-dependent.js'
export { type DistillationOptions, distillation } from './distillation.js'
export { effectiveNumberWeights } from './effective-number-weights.js'
export { falseNegativeBudget } from './false-negative-budget.js'
export { type FocalOptions, focal } from './focal.js'
export { forLabel } from './for-label.js'
export {
  type HighRecallPairwiseOptions,
  highRecallPairwise,
} from './high-recall-pairwise.js'
export { inverseFrequencyWeights } from './inverse-frequency-weights.js'
export { type LdamOptions, ldam } from './ldam.js'
export { type LogitAdjustedOptions, logitAdjusted } from './logit-adjusted.js'
export {
  type LowFalseAlarmPairwiseOptions,
  lowFalseAlarmPairwise,
} from './low-false-alarm-pairwise.js'
export type { MeasuredOutcomes } from './measured-rates.js'
export type { LossMemory } from './multipliers.js'
export type { AucPairwiseOptions, PairwiseLoss } from './pairwise-options.js'
export type { PaperOptions } from './paper-losses.js'
export { type PerLabelOptions, perLabel } from './per-label.js'
export type { RankWeight, SideWeights } from './rank-weight.js'
export { type SoftFBetaOptions, softFBeta } from './soft-f-beta.js'
export { type SquaredHingeRankOptions, squaredHingeRank } from './squared-hinge-rank.js'
export { sumOf } from './sum-of.js'
export {
  type WeightedCrossentropyOptions,
  weightedCrossentropy,
} from './weighted-crossentropy.js'
