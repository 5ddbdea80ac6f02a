import { type Certificate, type CertifiedLevel, factsOf, REUSED } from './certificate.js'
import { isSequence } from './method.js'
import type { Plan } from './plan.js'
import { symbolsOf } from './risks.js'

/** Puts the certificate together. `reused`: a certificate was made with the samples before. */
export function conclude(
  plan: Plan,
  tested: readonly CertifiedLevel[],
  reused = false,
): Certificate {
  const accepted = tested.findLast(({ passed }) => passed) ?? null
  const voidedBy = [...factsOf(plan.method), ...(reused ? [REUSED] : [])]
  return { version: 1, ...plan, tested, accepted, reason: reasonOf(plan, tested), voidedBy }
}

/** The round of a level, and the type of its file where it has one. */
export function nameOf({ round, type }: Pick<CertifiedLevel, 'round' | 'type'>): string {
  return type === undefined ? `round ${round}` : `round ${round} as ${type}`
}

function reasonOf(plan: Plan, tested: readonly CertifiedLevel[]): string {
  const last = tested.at(-1)!
  if (last.passed) {
    const [thing, best] = plan.method === 'pareto' ? ['file', 'smallest'] : ['level', 'sparsest']
    const all = plan.levels === 1 ? `the only ${thing}` : `all ${plan.levels} ${thing}s`
    return `${all} passed: ${nameOf(last)} is the ${best}`
  }
  const before = tested.at(-2)
  const outcome = before ? `${nameOf(before)} is the last that passed` : 'nothing is promised'
  return `${failureOf(plan, last)}: ${outcome}`
}

function failureOf(plan: Plan, level: CertifiedLevel): string {
  const { alpha, beta, delta } = symbolsOf(plan)
  const { falseNegatives, falsePositives, falseNegativePValue, falsePositivePValue } = level
  const against = (p: number) => `p ${p.toPrecision(3)} against ${delta}`
  const missed = `misses ${falseNegatives} of ${plan.positives} positives, ${against(falseNegativePValue)} at a false-negative rate of ${alpha}`
  const alarms = `takes ${falsePositives} of ${plan.negatives} negatives for positives, ${against(falsePositivePValue)} at a false-positive rate of ${beta}`
  const failures = [
    ...(isSequence(plan.method) && falseNegatives > plan.mostFalseNegatives ? [missed] : []),
    ...(falsePositives > plan.mostFalsePositives ? [alarms] : []),
  ]
  return `${nameOf(level)} ${failures.join(' and ')}`
}
