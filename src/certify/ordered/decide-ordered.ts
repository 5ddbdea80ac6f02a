import { describe } from '../../internal/describe.js'
import type { NumberArray } from '../../types.js'
import { checkLists, checkNumbers, checkSeverity } from '../check-numbers.js'
import { severityScore } from './severity-score.js'

/** A rule for classes in an order of severity: plain data that goes through JSON unchanged. */
export interface OrderedRule {
  /** All classes, the most severe first. */
  readonly severity: readonly number[]
  /** Thresholds of the most severe classes, in the order of `severity`; not of all classes. */
  readonly thresholds: readonly number[]
}

/**
 * The class of one sample by thresholds from the most severe class down.
 *
 * The first class whose probability over that of all less severe classes together reaches its
 * threshold; where none does, the most likely class without a threshold.
 *
 * @param probabilities One probability a class, at least 0 each; no logits.
 * @param rule The rule of `orderedThresholds`.
 * @returns The index of the class.
 * @throws {TypeError} If something is no list of numbers, or the lengths do not fit.
 * @throws {RangeError} If a probability is negative or not finite, a threshold is not finite, or
 *   `severity` is no order of all classes.
 *
 * @example
 * ```ts
 * import { decideOrdered } from 'tfjs-prune/certify'
 *
 * const rule = { severity: [2, 1, 0], thresholds: [0.25, 0.5] }
 * const decide = (probabilities: number[]) => decideOrdered(probabilities, rule)
 * if (decide([0.6, 0.1, 0.3]) !== 2) throw new Error('0.3 / 0.7 is above 0.25')
 * if (decide([0.6, 0.35, 0.05]) !== 1) throw new Error('0.35 / 0.6 is above 0.5')
 * if (decide([0.9, 0.05, 0.05]) !== 0) throw new Error('neither')
 * ```
 */
export function decideOrdered(probabilities: NumberArray, rule: OrderedRule): number {
  checkRule(rule)
  const { severity, thresholds } = rule
  checkProbabilities(probabilities, severity)
  const place = thresholds.findIndex((threshold, i) => {
    return severityScore(probabilities, severity, i) >= threshold
  })
  if (place >= 0) return severity[place]!
  const rest = severity.slice(thresholds.length)
  return rest.reduce((best, index) => (probabilities[index]! > probabilities[best]! ? index : best))
}

const task = 'decide on a class'

function checkRule(rule: OrderedRule): void {
  if (typeof rule !== 'object' || rule === null)
    throw new TypeError(
      `Cannot ${task}: expected a rule { severity, thresholds }, got ${describe(rule)}`,
    )
  const { severity, thresholds } = rule
  for (const [name, values] of Object.entries({ severity, thresholds })) {
    if (Array.isArray(values)) continue
    throw new TypeError(`Cannot ${task}: expected an array of ${name}, got ${describe(values)}`)
  }
  checkSeverity(severity, task)
  checkNumbers(thresholds, { task, wanted: 'finite thresholds', accepts: Number.isFinite })
  if (thresholds.length < severity.length) return
  const wanted = `fewer than ${severity.length} thresholds`
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${thresholds.length}`)
}

function checkProbabilities(probabilities: NumberArray, severity: readonly number[]): void {
  checkLists({ probabilities }, task)
  if (probabilities.length !== severity.length) {
    const wanted = `${severity.length} probabilities, one for each class`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${probabilities.length}`)
  }
  const accepts = (one: number) => Number.isFinite(one) && one >= 0
  const wanted = 'probabilities of at least 0'
  checkNumbers(probabilities, { task, wanted, accepts, hint: ': logits?' })
}
