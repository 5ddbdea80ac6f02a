import type { RateCertificate } from '../rates/rate-certificate.js'

/**
 * The answer of `certifyAgreement`: with the accepted round, P(share of decisions that differ from
 * those of the first round > its maximum) <= 1 - confidence.
 */
export interface AgreementCertificate extends RateCertificate {
  readonly kind: 'agreement'
}

/** The promise of a certificate on agreement. */
export interface AgreementPromise {
  /**
   * Largest share of new samples on which the decision differs from that of the first round, in
   * (0, 1).
   */
  readonly maximumDisagreement: number
  /** Probability that it holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
}
