import type { Risks } from './risks.js'

/** The test of one round on the calibration samples. */
export interface CertifiedLevel {
  /** Number of the round; 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** A sample is predicted positive if and only if its score is at or above this finite number. */
  readonly threshold: number
  /** Calibration positives below the threshold. */
  readonly falseNegatives: number
  /** Calibration negatives at or above the threshold. */
  readonly falsePositives: number
  /** FP / n-. */
  readonly falsePositiveRate: number
  /**
   * P(Bin(n-, beta) <= FP), beta the largest false-positive rate promised: the chance of so few
   * false positives at a rate of beta or more.
   */
  readonly pValue: number
  /** pValue <= 1 - confidence. */
  readonly passed: boolean
}

/**
 * The answer of `certify`: plain data that goes through JSON unchanged.
 *
 * With the accepted round and its threshold, P(FNR > maximumFalseNegativeRate) and P(FPR >
 * maximumFalsePositiveRate) are each at most delta = 1 - confidence for
 * new samples drawn as the calibration samples were, as long as nothing of `voidedBy` is true.
 */
export interface Certificate extends Risks {
  readonly version: 1
  readonly positiveClass: number
  /** Column of a head with several labels a sample; left out where a sample has one class. */
  readonly label?: number
  /** Calibration samples of the positive class, n+. */
  readonly positives: number
  /** Calibration samples of all other classes, n-. */
  readonly negatives: number
  /**
   * Number of rounds that the promise was shared out over, L: those that were offered, tested or
   * not.
   */
  readonly levels: number
  /** Rank j of the threshold among the positives' scores, in ascending order. */
  readonly order: number
  /** The rounds tested, dense to sparse, up to the first that failed. */
  readonly tested: readonly CertifiedLevel[]
  /** The last round that passed; null when the dense network failed: then nothing is promised. */
  readonly accepted: CertifiedLevel | null
  /** Why, in words with the numbers. */
  readonly reason: string
  /** Facts that would void the promise. */
  readonly voidedBy: readonly string[]
}

/** Facts that no computation can see, for the reader of a certificate to judge. */
export const VOIDED_BY: readonly string[] = [
  'the calibration samples were used for training, for choosing an epoch, a rate or the rounds, or for another certificate',
  'the rounds or their number were chosen after a look at the calibration samples',
  'weights, threshold, preprocessing or the way a score is computed changed since, quantisation included',
  'new samples are not drawn independently from the source of the calibration samples, such as repeats of one patient',
]
