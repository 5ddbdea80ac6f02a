import type { OptionChecks } from '../internal/check-options.js'
import { required } from '../internal/option-checks.js'
import { checkInside } from '../internal/rate-checks.js'

/**
 * The promise of a certificate: each of the two rates of the shipped model is at most its maximum,
 * with this confidence. The formulas call the maxima alpha and beta, and 1 - confidence delta.
 */
export interface Risks {
  /** alpha: largest false-negative rate of the model that is shipped, in (0, 1). */
  readonly maximumFalseNegativeRate: number
  /** beta: largest false-positive rate of the model that is shipped, in (0, 1). */
  readonly maximumFalsePositiveRate: number
  /**
   * Probability, over the draw of the calibration samples, that a promise holds, in (0, 1); delta
   * is 1 - confidence.
   */
  readonly confidence: number
}

/** Checks of the three numbers of a promise. */
export const riskChecks: OptionChecks<Risks> = {
  maximumFalseNegativeRate: required(checkInside),
  maximumFalsePositiveRate: required(checkInside),
  confidence: required(checkInside),
}

/** The promise in the symbols of the formulas: P(FNR > alpha) <= delta, P(FPR > beta) <= delta. */
export function symbolsOf(risks: Risks): { alpha: number; beta: number; delta: number } {
  return {
    alpha: risks.maximumFalseNegativeRate,
    beta: risks.maximumFalsePositiveRate,
    delta: errorOf(risks.confidence),
  }
}

/** Half the distance between two neighbouring numbers just below 1. */
const ROUNDING = 2 ** -54

/**
 * delta = 1 - confidence, to 15 decimals: without the digits that the subtraction makes up. Never
 * larger than it but for the rounding of the confidence itself.
 */
export function errorOf(confidence: number): number {
  const error = 1 - confidence
  const rounded = Number(error.toFixed(15))
  if (Math.abs(rounded - error) <= ROUNDING) return rounded
  return Math.min(rounded, error) || error
}
