import { samplesToProve } from '../internal/provable-rate.js'
import type { NumberArray } from '../types.js'
import { type CertificateMethod, errorOfLevel } from './method.js'
import { neymanPearsonOrder } from './neyman-pearson-threshold.js'
import { type Risks, symbolsOf } from './risks.js'

/** The numbers that all levels of a certificate share. */
export interface Plan extends Risks {
  readonly method: CertificateMethod
  readonly positiveClass: number
  readonly label?: number
  readonly positives: number
  readonly negatives: number
  /** Number of levels, L. */
  readonly levels: number
  /** Most missed positives and most false alarms at which a level passes. */
  readonly mostFalseNegatives: number
  readonly mostFalsePositives: number
}

type PlanOptions = Risks & Pick<Plan, 'positiveClass' | 'label' | 'levels' | 'method'>

/**
 * Counts the sides and finds the largest numbers of errors that pass. Throws when one side is too
 * small to prove anything.
 */
export function makePlan(labels: NumberArray, options: PlanOptions): Plan {
  const { positiveClass, label, levels, method } = options
  const { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence } = options
  let positives = 0
  for (let i = 0; i < labels.length; i++) if (labels[i] === positiveClass) positives++
  const negatives = labels.length - positives
  checkSides({ positives, negatives }, options)
  const about = label === undefined ? { positiveClass } : { positiveClass, label }
  const promised = { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence }
  const counts = { positives, negatives, levels, method }
  return { ...about, ...counts, ...mostErrors(counts, options), ...promised }
}

/**
 * The largest counts that pass: max { k : P(Bin(n+, alpha) <= k) <= delta, or its share }, and
 * max { k : P(Bin(n-, beta) <= k) <= delta }; -1 where there is none.
 */
export function mostErrors(
  counts: Pick<Plan, 'positives' | 'negatives' | 'levels' | 'method'>,
  risks: Risks,
): Pick<Plan, 'mostFalseNegatives' | 'mostFalsePositives'> {
  const { alpha, beta, delta } = symbolsOf(risks)
  const { positives, negatives } = counts
  const ofPositives = { alpha, delta: errorOfLevel(risks, counts) }
  return {
    mostFalseNegatives: neymanPearsonOrder(positives, ofPositives) - 1,
    mostFalsePositives: neymanPearsonOrder(negatives, { alpha: beta, delta }) - 1,
  }
}

function checkSides(
  { positives, negatives }: { positives: number; negatives: number },
  options: PlanOptions,
): void {
  const { positiveClass, levels, method, confidence } = options
  const { alpha, beta, delta } = symbolsOf(options)
  const needed = samplesToProve(alpha, errorOfLevel(options, { method, levels }))
  if (positives < needed) {
    const shared =
      method === 'bonferroni' ? `${levels} ${levels === 1 ? 'level' : 'levels'}` : method
    throw new RangeError(
      `Cannot certify: expected at least ${needed} calibration samples of the positive class ` +
        `${positiveClass} for a rate of ${alpha}, confidence ${confidence} and ${shared}, got ${positives}`,
    )
  }
  const neededNegatives = samplesToProve(beta, delta)
  if (negatives < neededNegatives) {
    throw new RangeError(
      `Cannot certify: expected at least ${neededNegatives} calibration samples of other classes than ` +
        `${positiveClass} for a rate of ${beta} and confidence ${confidence}, got ${negatives}`,
    )
  }
}
