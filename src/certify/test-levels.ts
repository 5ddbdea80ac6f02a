import { binomialCdf } from '../internal/binomial.js'
import { isAtMost } from '../internal/is-at-most.js'
import { samplesToProve } from '../internal/provable-rate.js'
import type { NumberArray } from '../types.js'
import { type Certificate, type CertifiedLevel, VOIDED_BY } from './certificate.js'
import { neymanPearsonOrder } from './neyman-pearson-threshold.js'
import { type Risks, symbolsOf } from './risks.js'

/** The numbers that all levels of a certificate share. */
export interface Plan extends Risks {
  readonly positiveClass: number
  readonly label?: number
  readonly positives: number
  readonly negatives: number
  /** Number of levels, L. */
  readonly levels: number
  /** Rank of the threshold among the positives. */
  readonly order: number
}

/**
 * Counts the sides and finds the threshold's rank. Throws when one side is too small to prove
 * anything.
 */
export function makePlan(
  labels: NumberArray,
  options: Risks & Pick<Plan, 'positiveClass' | 'label' | 'levels'>,
): Plan {
  const { positiveClass, label, levels } = options
  const { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence } = options
  const { alpha, beta, delta } = symbolsOf(options)
  let positives = 0
  for (let i = 0; i < labels.length; i++) if (labels[i] === positiveClass) positives++
  const negatives = labels.length - positives
  const needed = samplesToProve(alpha, delta / levels)
  if (positives < needed) {
    const over = `a rate of ${alpha}, confidence ${confidence} and ${levels} ${levels === 1 ? 'level' : 'levels'}`
    throw new RangeError(
      `Cannot certify: expected at least ${needed} calibration samples of the positive class ${positiveClass} ` +
        `for ${over}, got ${positives}`,
    )
  }
  const neededNegatives = samplesToProve(beta, delta)
  if (negatives < neededNegatives) {
    throw new RangeError(
      `Cannot certify: expected at least ${neededNegatives} calibration samples of other classes than ` +
        `${positiveClass} for a rate of ${beta} and confidence ${confidence}, got ${negatives}`,
    )
  }
  const order = neymanPearsonOrder(positives, { alpha, delta: delta / levels })
  const promised = { maximumFalseNegativeRate, maximumFalsePositiveRate, confidence }
  const about = label === undefined ? { positiveClass } : { positiveClass, label }
  return { ...about, positives, negatives, levels, order, ...promised }
}

interface Scored {
  readonly round: number
  readonly density: number
  readonly labels: NumberArray
  readonly scores: NumberArray
}

/**
 * Sets the threshold on the positives, then tests FPR > beta on the negatives. Infinite scores
 * count as the largest.
 */
export function testLevel({ round, density, labels, scores }: Scored, plan: Plan): CertifiedLevel {
  const { positiveClass, positives, negatives, order } = plan
  const { beta, delta } = symbolsOf(plan)
  const finite = Float64Array.from(scores, (score) =>
    Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, score)),
  )
  const sorted = finite.filter((_, i) => labels[i] === positiveClass).sort()
  const threshold = sorted[order - 1]! + 0 // no negative zero: JSON has none
  let [found, falsePositives] = [0, 0]
  finite.forEach((score, i) => {
    if (score < threshold) return
    if (labels[i] === positiveClass) found++
    else falsePositives++
  })
  const pValue = binomialCdf(falsePositives, negatives, beta)
  const falsePositiveRate = falsePositives / negatives
  const passed = isAtMost(pValue, delta)
  const falseNegatives = positives - found
  return {
    round,
    density,
    threshold,
    falseNegatives,
    falsePositives,
    falsePositiveRate,
    pValue,
    passed,
  }
}

/** Puts the certificate together. */
export function conclude(plan: Plan, tested: readonly CertifiedLevel[]): Certificate {
  const accepted = tested.findLast(({ passed }) => passed) ?? null
  const voidedBy = [...VOIDED_BY]
  return { version: 1, ...plan, tested, accepted, reason: reasonOf(plan, tested), voidedBy }
}

function reasonOf(plan: Plan, tested: readonly CertifiedLevel[]): string {
  const { levels, negatives } = plan
  const { beta, delta } = symbolsOf(plan)
  const last = tested.at(-1)!
  if (last.passed) return `all ${levels} levels passed: round ${last.round} is the sparsest`
  const rate = `${last.falsePositives} of ${negatives} negatives`
  const test = `round ${last.round} takes ${rate} for positives, p ${last.pValue.toPrecision(3)} against ${delta}`
  const before = tested.at(-2)
  const outcome = before ? `round ${before.round} is the last that passed` : 'nothing is promised'
  return `${test} at a false-positive rate of ${beta}: ${outcome}`
}
