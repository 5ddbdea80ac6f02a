import { type CertificateMethod, isSequence } from './method.js'
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
   * P(Bin(n+, alpha) <= FN), alpha the largest false-negative rate promised: the chance of so few
   * misses at a rate of alpha or more.
   */
  readonly falseNegativePValue: number
  /**
   * P(Bin(n-, beta) <= FP), beta the largest false-positive rate promised: the chance of so few
   * false positives at a rate of beta or more.
   */
  readonly falsePositivePValue: number
  /**
   * `falsePositivePValue <= 1 - confidence`, and with a fixed sequence `falseNegativePValue` too.
   */
  readonly passed: boolean
  /** How the values of the file are stored, where a file was tested. */
  readonly type?: string
  /** Bytes of the file, where a file was tested. */
  readonly bytes?: number
  /** `weightsFingerprint` of the network that was tested, where its weights were at hand. */
  readonly fingerprint?: string
}

/**
 * The answer of `certify`: plain data that goes through JSON unchanged.
 *
 * With the accepted round and its threshold, P(FNR > maximumFalseNegativeRate) and P(FPR >
 * maximumFalsePositiveRate) are each at most delta = 1 - confidence for new samples drawn as the
 * calibration samples were, as long as nothing of `voidedBy` is true. With `fixed-sequence` and
 * `pareto` the stronger promise holds: P(FNR > maximumFalseNegativeRate or FPR >
 * maximumFalsePositiveRate) <= delta.
 */
export interface Certificate extends Risks {
  readonly version: 1
  readonly method: CertificateMethod
  readonly positiveClass: number
  /** Column of a head with several labels a sample; left out where a sample has one class. */
  readonly label?: number
  /** Calibration samples of the positive class, n+. */
  readonly positives: number
  /** Calibration samples of all other classes, n-. */
  readonly negatives: number
  /** Number of rounds that were offered, L, tested or not; with `pareto`, of files on the front. */
  readonly levels: number
  /**
   * Most calibration positives that an accepted threshold misses. With `bonferroni` the threshold
   * is the next higher score of the positives.
   */
  readonly mostFalseNegatives: number
  /** Most calibration negatives that an accepted threshold takes for positives. */
  readonly mostFalsePositives: number
  /**
   * The rounds tested, dense to sparse, or the files of the front, large to small, up to the first
   * that failed.
   */
  readonly tested: readonly CertifiedLevel[]
  /** The last that passed; null when the first one failed: then nothing is promised. */
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

/** Where thresholds come from other samples. */
const SEQUENCE = [
  'the tuning samples, which the thresholds come from, share a sample or a patient with the calibration samples',
]

/** Where a certificate was made with the calibration samples before. */
export const REUSED =
  'anything was chosen after a look at an earlier certificate, which was made with the same calibration samples'

/** The facts that void a certificate of this method. */
export function factsOf(method: CertificateMethod): readonly string[] {
  return isSequence(method) ? [...VOIDED_BY, ...SEQUENCE] : VOIDED_BY
}
