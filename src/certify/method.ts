import { oneOf } from '../internal/option-checks.js'
import { type Risks, symbolsOf } from './risks.js'

/**
 * The way in which a certificate pays for several levels.
 *
 * - `bonferroni`: the threshold of each level comes from the calibration positives, at an error of
 *   delta / L. Each of the two promises is broken with a probability of at most delta.
 * - `fixed-sequence`: thresholds come from other samples, and each level is tested at the whole
 *   delta until the first that fails. The two promises together are broken with a probability of at
 *   most delta.
 * - `pareto`: a fixed sequence along the files of a front, from the likeliest to the smallest.
 */
export type CertificateMethod = 'bonferroni' | 'fixed-sequence' | 'pareto'

/** The methods whose levels are rounds, dense to sparse. */
export type LevelMethod = Exclude<CertificateMethod, 'pareto'>

/** Throws unless the value is a method for rounds. */
export const checkLevelMethod = oneOf('bonferroni', 'fixed-sequence')

/** Throws unless the value is a method. */
export const checkMethod = oneOf('bonferroni', 'fixed-sequence', 'pareto')

/** Whether thresholds are fixed before the calibration samples are looked at. */
export function isSequence(method: CertificateMethod): boolean {
  return method !== 'bonferroni'
}

/** The error that the positives of one level may take: delta, or its share of it. */
export function errorOfLevel(
  risks: Risks,
  { method, levels }: { readonly method: CertificateMethod; readonly levels: number },
): number {
  const { delta } = symbolsOf(risks)
  return isSequence(method) ? delta : delta / levels
}
