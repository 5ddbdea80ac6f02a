import type { RateCertificate, TestedRound } from '../rates/rate-certificate.js'

/** The promise of a certificate from positives and samples without labels. */
export interface PositivesPromise {
  /** alpha: largest rate of positives below the threshold, in (0, 1). */
  readonly maximumFalseNegativeRate: number
  /**
   * Largest share of all new samples, of whatever class, that reach the threshold: that somebody
   * has to look at, in (0, 1).
   */
  readonly maximumAlarmRate: number
  /** Probability that both hold, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
  /**
   * Chance with which the test of the misses is to pass: the threshold is chosen that far below.
   * @default 0.9
   */
  readonly passProbability?: number
}

/** One round with its threshold and the tests of misses and alarms. */
export interface CertifiedPositivesLevel extends TestedRound {
  /** A sample is an alarm if and only if its score is at or above this finite number. */
  readonly threshold: number
}

/**
 * The answer of `certifyPositives`: with the accepted round and its threshold, P(miss rate or alarm
 * rate above its maximum) <= 1 - confidence.
 */
export interface PositivesCertificate extends RateCertificate<CertifiedPositivesLevel> {
  readonly kind: 'positives'
}
