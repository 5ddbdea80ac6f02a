/**
 * The run and its pieces: pruning in rounds, the step alone, and all that decides what goes.
 * Losses, metrics, certificates, files and smaller networks have entry points of their own.
 *
 * @module tfjs-prune
 */

export { erdosRenyiKernel } from './allocate/erdos-renyi-kernel.js'
export { globally } from './allocate/globally.js'
export { type AllocationGroup, inGroups } from './allocate/in-groups.js'
export { lamp } from './allocate/lamp.js'
export { perLayer } from './allocate/per-layer.js'
export { proportional, type WeightFactor } from './allocate/proportional.js'
export type { EvaluateArtifacts, MeasuredArtifacts } from './artifacts/measured-artifacts.js'
export type { ArtifactSource, GraphModelLike } from './artifacts/model-source.js'
export { averagePercentageOfZeros } from './criteria/average-percentage-of-zeros.js'
export { batchNormScale } from './criteria/batch-norm-scale.js'
export { fisher } from './criteria/fisher.js'
export { forClasses, type ScoredClasses } from './criteria/for-classes.js'
export { type FpgmOptions, fpgm } from './criteria/fpgm.js'
export {
  type InitialFinalOptions,
  type InitialFinalRule,
  initialFinal,
} from './criteria/initial-final.js'
export { keepingShares } from './criteria/keeping-shares.js'
export {
  type LayerwiseObs,
  type LayerwiseObsOptions,
  layerwiseObs,
} from './criteria/layerwise-obs.js'
export { magnitude } from './criteria/magnitude.js'
export { magnitudeIncrease } from './criteria/magnitude-increase.js'
export { maximumOf } from './criteria/maximum-of.js'
export { movement } from './criteria/movement.js'
export { type NeedingOptions, needing, type WeightWith } from './criteria/needing.js'
export { type Normalisation, normalised } from './criteria/normalised.js'
export { protecting } from './criteria/protecting.js'
export { type RandomOptions, random } from './criteria/random.js'
export { snip } from './criteria/snip.js'
export { type SynFlowOptions, synFlow } from './criteria/syn-flow.js'
export { taylor } from './criteria/taylor.js'
export { unitTaylor } from './criteria/unit-taylor.js'
export { type WandaOptions, wanda } from './criteria/wanda.js'
export {
  type WeightedByRecall,
  type WeightedByRecallOptions,
  weightedByRecall,
} from './criteria/weighted-by-recall.js'
export { type WeightedCriterion, weightedSum } from './criteria/weighted-sum.js'
export {
  type BatchSampler,
  type ShuffledBatchesOptions,
  shuffledBatches,
} from './data/shuffled-batches.js'
export { type Role, type SplitByRoleOptions, splitByRole } from './data/split-by-role.js'
export { type StratifiedBatchesOptions, stratifiedBatches } from './data/stratified-batches.js'
export { type CubicDensityOptions, cubicDensity } from './gradual/cubic-density.js'
export type { GradualPrunerOptions, GradualState } from './gradual/gradual-options.js'
export { type GradualPruner, gradualPruner } from './gradual/gradual-pruner.js'
export { type BlocksOptions, blocks } from './granularity/blocks.js'
export { type ChannelsOptions, channels } from './granularity/channels.js'
export { checkGrains } from './granularity/check-grains.js'
export { elements } from './granularity/elements.js'
export { expandGrains } from './granularity/expand-grains.js'
export { grainMask } from './granularity/grain-mask.js'
export { type GrainScoresOptions, grainScores } from './granularity/grain-scores.js'
export type { Combination, Grains, Granularity } from './granularity/granularity.js'
export { type KeepInCellsOptions, keepInCells } from './granularity/keep-in-cells.js'
export { type NOfMOptions, nOfM } from './granularity/n-of-m.js'
export { type UnitsOptions, units } from './granularity/units.js'
export { wholeUnits } from './granularity/whole-units.js'
export type { ModelOutput } from './internal/model-output.js'
export type { WeightValues } from './internal/weight-values.js'
export { layerKind } from './layer-kinds/find-layer-kind.js'
export type {
  Axis,
  Dimension,
  KindWeight,
  LayerKind,
  LayerOptions,
  WeightUse,
} from './layer-kinds/layer-kind.js'
export { registerLayerKind } from './layer-kinds/registered-kinds.js'
export { masksOf } from './layers/masks-of.js'
export { registerLayers } from './layers/register-layers.js'
export { stripMasks } from './layers/strip-masks.js'
export { withMasks } from './layers/with-masks.js'
export { type ClassDependentOptions, classDependent } from './losses/class-dependent.js'
export { lossFor } from './losses/loss-for.js'
export type { PaperOptions } from './losses/paper-losses.js'
export {
  type WeightedCrossentropyOptions,
  weightedCrossentropy,
} from './losses/weighted-crossentropy.js'
export { applyMask } from './masks/apply-mask.js'
export { checkMask } from './masks/check-mask.js'
export { denseMask } from './masks/dense-mask.js'
export { decodeMask, encodeMask } from './masks/encode-mask.js'
export { keepHighest } from './masks/keep-highest.js'
export { createMask, type Mask, type MaskedWeight } from './masks/mask.js'
export { maskOfZeros } from './masks/mask-of-zeros.js'
export { maskStatistics } from './masks/mask-statistics.js'
export { type MaskedOptimizer, maskedOptimizer } from './masks/masked-optimizer.js'
export { paper } from './paper.js'
export {
  type InfeasibleResult,
  type KeptResult,
  type PruneOptions,
  type PruneResult,
  prune,
} from './prune.js'
export { type Recipe, type RecipeOptions, recipe } from './recipe.js'
export type { LeftWeight } from './repair/open-repair.js'
export type { RefitWeight } from './repair/refit-weight.js'
export {
  type RepairedToLoss,
  type RepairToLossOptions,
  repairToLoss,
} from './repair/repair-to-loss.js'
export {
  type RepairedVariance,
  type RepairVarianceOptions,
  repairVariance,
} from './repair/repair-variance.js'
export {
  type RepairedWeights,
  type RepairWeightsOptions,
  repairWeights,
} from './repair/repair-weights.js'
export type { RescaledWeight } from './repair/rescale-kernel.js'
export { fineTune } from './rewind/fine-tune.js'
export { type ReinitialiseOptions, reinitialise } from './rewind/reinitialise.js'
export { rewindLearningRate } from './rewind/rewind-learning-rate.js'
export { rewindTo } from './rewind/rewind-to.js'
export { rewindToInitial } from './rewind/rewind-to-initial.js'
export {
  type RewindToSignOptions,
  rewindToSign,
  type SignWithDeviation,
  type SignWithDraw,
  type SignWithInitial,
} from './rewind/rewind-to-sign.js'
export { applyRewound } from './rounds/apply-rewound.js'
export type { OptimizerSlots } from './rounds/optimizer-slots.js'
export type { PackedWeights } from './rounds/packed-weights.js'
export { PruningError } from './rounds/pruning-error.js'
export type { PruningEvent, PruningOptions } from './rounds/pruning-options.js'
export { pruningRounds } from './rounds/pruning-rounds.js'
export { applyTicket, applyTrained, type Checkpoint, type Round } from './rounds/round.js'
export type { RoundPieces } from './rounds/round-pieces.js'
export { densityList } from './schedules/density-list.js'
export { type GeometricOptions, geometric } from './schedules/geometric.js'
export { oneShot } from './schedules/one-shot.js'
export { type PolynomialOptions, polynomial } from './schedules/polynomial.js'
export type { SkippedLayer } from './select/prunable-weights.js'
export {
  type PrunableWeight,
  type Selection,
  selectWeights,
} from './select/select-weights.js'
export type { SelectionOptions } from './select/selection-options.js'
export type { SelectableWeight, Selector } from './select/selector.js'
export { UnmatchedSelector } from './select/unmatched-selector.js'
export type { WeightLimit } from './select/weight-limits.js'
export { computeMask } from './step/compute-mask.js'
export type { ArtifactsReport, PrunedArtifacts } from './step/prune-artifacts.js'
export type { PruneArtifactsOptions } from './step/prune-artifacts-options.js'
export { pruneWeights } from './step/prune-weights.js'
export type { ComputeMaskOptions } from './step/step-options.js'
export { type AucNotBelowOptions, aucNotBelow } from './stopping/auc-not-below.js'
export type { BoundOptions } from './stopping/bound.js'
export { type ChooseRoundOptions, chooseRound } from './stopping/choose-round.js'
export { allOf, anyOf } from './stopping/combine-rules.js'
export { densityReached } from './stopping/density-reached.js'
export { falseNegativeRateAtMost } from './stopping/false-negative-rate-at-most.js'
export { falseNegativeRateBound } from './stopping/false-negative-rate-bound.js'
export { falseNegativesAtMost } from './stopping/false-negatives-at-most.js'
export {
  type FalseNegativesBoundOptions,
  falseNegativesBound,
} from './stopping/false-negatives-bound.js'
export { falsePositiveRateAtMost } from './stopping/false-positive-rate-at-most.js'
export {
  type Metric,
  metricAtLeast,
  metricAtMost,
  type RelativeLimit,
} from './stopping/metric-at-most.js'
export { type MissesNotAboveOptions, missesNotAbove } from './stopping/misses-not-above.js'
export { never } from './stopping/never.js'
export { newMissRateBound } from './stopping/new-miss-rate-bound.js'
export { newMissesAtMost } from './stopping/new-misses-at-most.js'
export { onSet } from './stopping/on-set.js'
export { type PatienceOptions, patience } from './stopping/patience.js'
export type { RelativeRate } from './stopping/rate-at-most.js'
export type { ChoiceRow, Grounds, RoundChoice } from './stopping/round-choice.js'
export type { RoundConstraint } from './stopping/round-constraint.js'
export type { RoundCost } from './stopping/round-cost.js'
export type { BudgetOptions } from './stopping/within-budget.js'
export type { BestEpoch } from './training/best-epoch.js'
export { type ClippedOptimizerOptions, clippedOptimizer } from './training/clipped-optimizer.js'
export { denseTeacher } from './training/dense-teacher.js'
export { type EvaluateOptions, evaluateOn } from './training/evaluate-on.js'
export { fit } from './training/fit.js'
export type { FitCallbacks } from './training/fit-callbacks.js'
export type { FitOptions } from './training/fit-options.js'
export {
  type InterpolatingNormsOptions,
  interpolatingNorms,
} from './training/interpolating-norms.js'
export { learnFrom } from './training/learn-from.js'
export { type MirrorImagesOptions, mirrorImages } from './training/mirror-images.js'
export { modelTeacher } from './training/model-teacher.js'
export {
  type ReEstimateBatchNormOptions,
  reEstimateBatchNorm,
} from './training/re-estimate-batch-norm.js'
export { type ShiftImagesOptions, shiftImages } from './training/shift-images.js'
export type { TeacherOptions } from './training/teacher-options.js'
export type { TrainingData } from './training/training-data.js'
export { type TaughtData, type WithTeacherOptions, withTeacher } from './training/with-teacher.js'
export type { Knobs, KnobValue, PointOf } from './tuning/knobs.js'
export { type ScorePrunedOptions, scorePruned } from './tuning/score-pruned.js'
export { type Tuned, type TunedRow, tune } from './tuning/tune.js'
export type { TunedRun, TuneOptions, TuningProgress, TuningRun } from './tuning/tune-options.js'
export type * from './types.js'
