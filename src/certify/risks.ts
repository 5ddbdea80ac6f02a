import { checkInside } from '../internal/rate-checks.js'

/**
 * What a certificate promises: P(FNR > alpha) <= delta and P(FPR > beta) <= delta, each in (0, 1).
 */
export interface Risks {
  /** Largest false-negative rate of the model that is shipped. */
  readonly alpha: number
  /** Largest false-positive rate of the model that is shipped. */
  readonly beta: number
  /** Probability, over the draw of the calibration samples, that a promise does not hold. */
  readonly delta: number
}

/** Throws unless alpha, beta and delta are numbers in (0, 1). */
export function checkRisks({ alpha, beta, delta }: Risks, task: string): void {
  checkInside(alpha, { task, name: 'alpha' })
  checkInside(beta, { task, name: 'beta' })
  checkInside(delta, { task, name: 'delta' })
}
