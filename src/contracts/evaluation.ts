import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { EngineUsed } from './engine.js'

/** Counts of a two-sided decision: one class is positive, all others are negative. */
export interface Confusion {
  readonly truePositives: number
  readonly falseNegatives: number
  readonly falsePositives: number
  readonly trueNegatives: number
}

/** The results of a model on one set of samples. */
export interface Evaluation {
  readonly confusion: Confusion
  /** FN / (FN + TP); NaN without positives. */
  readonly falseNegativeRate: number
  /** FP / (FP + TN); NaN without negatives. */
  readonly falsePositiveRate: number
  /** (TP + TN) / n. */
  readonly accuracy: number
  /** Area under the ROC curve, mid-ranks for ties; NaN when a side is empty. */
  readonly auc: number
  /** Mean cross-entropy of the class probabilities in nats, without class weights. */
  readonly loss: number
  /** Score of the positive class per sample (log-odds), in the order of the labels. */
  readonly scores?: Float64Array
  /** Class index of each sample. */
  readonly labels?: Int32Array
  /** Class that the model says for each sample, its threshold applied. */
  readonly predictions?: Int32Array
  /** Class that counts as positive in all of the above. */
  readonly positiveClass?: number
  /**
   * Misses at false-positive rates fixed beforehand, in the order in which they were asked for:
   * the numbers to compare networks by, whose own boundaries differ in false alarms.
   */
  readonly atFalsePositiveRates?: readonly MissesAtRate[]
  /** Column of a head with several labels a sample, if all of the above is about one of them. */
  readonly label?: number
  /** Who ran the model, where an engine was handed in. */
  readonly engine?: EngineUsed
  /**
   * Two-sided 95 % intervals: exact for the rates; for the area DeLong's, or where
   * min(n+, n-) min(AUC, 1 - AUC) < 10, as with few positives or a high area, that of
   * `aucScoreInterval`. NaN bounds where a rate is undefined.
   */
  readonly intervals?: {
    readonly falseNegativeRate: Interval
    readonly falsePositiveRate: Interval
    readonly auc: Interval
  }
  /** Name of the set that all of the above is about, where there are several. */
  readonly set?: string
  /** The evaluations of the other sets, by their names. */
  readonly sets?: Readonly<Record<string, Evaluation>>
}

/** An evaluation that tells each sample, as `evaluateOn` makes it. */
export interface SampleEvaluation extends Evaluation {
  readonly scores: Float64Array
  readonly labels: Int32Array
  readonly predictions: Int32Array
  readonly positiveClass: number
  readonly atFalsePositiveRates: readonly MissesAtRate[]
  readonly intervals: NonNullable<Evaluation['intervals']>
}

/**
 * The misses where a threshold takes a fixed share of the negatives for positives, as
 * `falseNegativeRateAt` of `tfjs-prune/metrics` defines it: plain data.
 */
export interface MissesAtRate {
  /** The share of the negatives, in [0, 1). */
  readonly falsePositiveRate: number
  /** Missed positives; not whole where the rate cuts a tie. NaN without negatives. */
  readonly falseNegatives: number
  /** Their share of the positives; NaN without positives or negatives. */
  readonly falseNegativeRate: number
  /**
   * The lowest score, in log-odds, with no more false positives than the rate allows, as
   * `thresholdForFalsePositiveRate` gives it: samples are predicted positive from it on, as with
   * `evaluateOn`'s `threshold: { logOdds }`. Null where no score is one, or without negatives.
   */
  readonly threshold: number | null
}

/** A confidence interval. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/**
 * Measures the model as it stands, and leaves its weights so. `E` is the {@link Evaluation} of a
 * classifier, or any object with a number to watch, such as `{ meanSquaredError: 0.1 }`: plain data.
 */
export interface Evaluate<E = Evaluation> {
  /** `signal` is that of the run: a long evaluation may throw its reason between two batches. */
  (model: LayersModel, context?: { readonly signal?: AbortSignal | undefined }): E | Promise<E>
  /**
   * Throws if the model cannot be measured, such as for samples that do not fit; asked before any
   * weight changes. An evaluation that it returns, of a few samples, shows whether the stopping rule
   * finds its numbers. Left out, the model is measured once before it is trained.
   */
  readonly check?: (model: LayersModel) => E | void | Promise<E | void>
}

/** An evaluation for each of several sets, by their names; rules look at the first. */
export type EvaluateSets<E = Evaluation> = Readonly<Record<string, Evaluate<E>>>
