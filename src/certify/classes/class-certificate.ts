import type { RateCertificate, TestedRound } from '../rates/rate-certificate.js'
import type { TunedClass } from './tune-weights.js'

/** One round with its class weights, and the tests of the limited classes. */
export interface CertifiedClassLevel extends TestedRound {
  /** The rule: class k with the largest weights[k] * probability[k], see `decideClass`. */
  readonly weights: readonly number[]
  /** Whether some weights keep all limits on the tuning samples. */
  readonly feasible: boolean
  /**
   * The limited classes on the tuning samples; where it is not feasible, at the weights whose
   * misses exceed the limits by the smallest share.
   */
  readonly tuned: readonly TunedClass[]
  /** Share of all calibration samples that the rule gives to a wrong class: the price. */
  readonly errorRate: number
}

/**
 * The answer of `certifyClasses`: with the accepted round and its weights, P(some limited class has
 * P(predicted != k | class k) above its limit) <= 1 - confidence.
 */
export interface ClassCertificate extends RateCertificate<CertifiedClassLevel> {
  readonly kind: 'classes'
}
