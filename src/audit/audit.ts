import type { Interval } from '../types.js'
import type { Exemplar } from './exemplars.js'
import type { RankCorrelations } from './rank-correlations.js'
import type { RecallDistortion } from './recall-distortion.js'

/** The networks of one side, on the samples of a part; numbers that nothing tells are null. */
export interface HarmSide {
  /** Share of the samples that are recognised, the mean over the networks; for a class its recall. */
  readonly recall: number | null
  /**
   * One network: Clopper-Pearson's interval for new samples. Several: Student's interval of the
   * mean for new trainings, on these samples.
   */
  readonly interval: Interval | null
  /**
   * Calibration error in adaptive bins, mean over the networks: of a class over all samples, or
   * else the mean over the classes within the part.
   */
  readonly calibrationError: number | null
  /** Median distance of the samples to the boundary of their network, in log-odds. */
  readonly distance: number | null
}

/** A part of the samples, such as a class or a group, under the dense and the pruned networks. */
export interface Harm {
  readonly samples: number
  readonly dense: HarmSide
  readonly pruned: HarmSide
  /** Recall of the pruned networks less that of the dense ones. */
  readonly difference: number | null
  /**
   * Its interval. One pair: never too short, as in `recallByClass`. Several: Student's, of the
   * differences by pair.
   */
  readonly differenceInterval: Interval | null
  /** P-value of the difference: McNemar's exact test, or Student's over several pairs. */
  readonly pValue: number | null
  /** Samples that only the dense network of a pair recognises, summed over the pairs. */
  readonly lost: number
  /** Samples that only the pruned network of a pair recognises, summed over the pairs. */
  readonly regained: number
  /** Samples whose modal prediction changes, see `exemplars`. */
  readonly exemplars: number
  /**
   * Whether the part is hit unlike the average; null with fewer than two networks a side, and for
   * parts that are not tested.
   */
  readonly impact: Impact | null
}

/**
 * Whether pruning moves a part otherwise than the whole: Welch's t-test of recall less accuracy,
 * dense networks against pruned ones.
 */
export interface Impact {
  /** Change of the part's recall less the change of the accuracy: below 0 it is hit harder. */
  readonly difference: number
  readonly statistic: number | null
  readonly degreesOfFreedom: number | null
  readonly pValue: number | null
  /** P-value after Holm's correction over the classes, or over the parts of one group. */
  readonly adjustedPValue: number | null
  /** The adjusted p-value is at most 1 - confidence. */
  readonly isBeyondChance: boolean
}

/** The harm of one class. */
export interface ClassHarm extends Harm {
  readonly class: number
}

/** The harm of the samples for which the caller gave one text. */
export interface GroupHarm extends Harm {
  /** The text. */
  readonly value: string
  /** Its samples by class; not tested for impact. */
  readonly byClass: readonly ClassHarm[]
}

/** The answer of `auditHarm`: plain data that goes through JSON unchanged. */
export interface Audit {
  readonly version: 1
  /** Pairs of networks. */
  readonly pairs: number
  readonly samples: number
  /** Of each interval by itself. */
  readonly confidence: number
  /** Names of the classes, in the caller's words or as numbers. */
  readonly classNames: readonly string[]
  /** All samples: recall is accuracy here. */
  readonly overall: Harm
  readonly byClass: readonly ClassHarm[]
  /** Class of the lowest recall on each side; the first of several. */
  readonly worstClass: { readonly dense: number; readonly pruned: number }
  /** Class that loses most recall; null where none loses any. */
  readonly mostHarmed: number | null
  /** Classes that pruning moves otherwise than the average, beyond chance: see {@link Impact}. */
  readonly impactedClasses: readonly number[]
  readonly distortion: RecallDistortion
  /** Samples whose modal prediction differs between the dense and the pruned networks. */
  readonly exemplars: readonly Exemplar[]
  /** Null where the probabilities of three classes or more are not told. */
  readonly correlations: RankCorrelations | null
  /** By the caller's names, the texts in the order of the alphabet. */
  readonly groups: Readonly<Record<string, readonly GroupHarm[]>>
  /** Numbers that are not told, with the reason, and networks that never say one of the classes. */
  readonly notes: readonly string[]
}
