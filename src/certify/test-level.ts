import { binomialCdf } from '../internal/binomial.js'
import { isAtMost } from '../internal/is-at-most.js'
import type { NumberArray } from '../types.js'
import type { CertifiedLevel } from './certificate.js'
import { isSequence } from './method.js'
import type { Plan } from './plan.js'
import { symbolsOf } from './risks.js'

/** A level to be tested: its facts, and its scores of the calibration samples. */
export interface TestedScores
  extends Pick<CertifiedLevel, 'round' | 'density' | 'type' | 'bytes' | 'fingerprint'> {
  readonly labels: NumberArray
  readonly scores: NumberArray
  /** The threshold that was fixed before; left out, the positives say it. */
  readonly threshold?: number | undefined
}

/**
 * Tests one level on the calibration samples. Without a threshold, the positives set it, and only
 * the negatives are tested. Infinite scores count as the largest.
 */
export function testLevel(level: TestedScores, plan: Plan): CertifiedLevel {
  const { labels, scores, threshold: fixed } = level
  const { positiveClass, positives, negatives, mostFalseNegatives } = plan
  const finite = Float64Array.from(scores, clipped)
  const sorted = finite.filter((_, i) => labels[i] === positiveClass).sort()
  const threshold = clipped(fixed ?? sorted[mostFalseNegatives]!) + 0 // JSON has no negative zero
  let [found, falsePositives] = [0, 0]
  finite.forEach((score, i) => {
    if (score < threshold) return
    if (labels[i] === positiveClass) found++
    else falsePositives++
  })
  const counts = { falseNegatives: positives - found, falsePositives }
  const rate = { falsePositiveRate: falsePositives / negatives }
  return { ...factsOf(level), threshold, ...counts, ...rate, ...verdictOf(counts, plan) }
}

/** The facts of a level that a certificate names. */
function factsOf({ round, density, type, bytes, fingerprint }: TestedScores) {
  return {
    round,
    density,
    ...(type !== undefined && { type }),
    ...(bytes !== undefined && { bytes }),
    ...(fingerprint !== undefined && { fingerprint }),
  }
}

/** The p-values of a level's counts, and whether it passes. */
export function verdictOf(
  counts: Pick<CertifiedLevel, 'falseNegatives' | 'falsePositives'>,
  plan: Pick<Plan, 'positives' | 'negatives' | 'method'> & Parameters<typeof symbolsOf>[0],
): Pick<CertifiedLevel, 'falseNegativePValue' | 'falsePositivePValue' | 'passed'> {
  const { alpha, beta, delta } = symbolsOf(plan)
  const falseNegativePValue = binomialCdf(counts.falseNegatives, plan.positives, alpha)
  const falsePositivePValue = binomialCdf(counts.falsePositives, plan.negatives, beta)
  const isSpecific = isAtMost(falsePositivePValue, delta)
  const passed = isSpecific && (!isSequence(plan.method) || isAtMost(falseNegativePValue, delta))
  return { falseNegativePValue, falsePositivePValue, passed }
}

function clipped(score: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, score))
}
