import { describe } from '../../internal/describe.js'
import type { NumberArray } from '../../types.js'
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
 * @throws {RangeError} If a probability is negative or not finite.
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
export function decideOrdered(
  probabilities: NumberArray,
  { severity, thresholds }: OrderedRule,
): number {
  const task = 'decide on a class'
  for (const [name, values] of Object.entries({ probabilities, severity, thresholds })) {
    if (typeof values !== 'object' || typeof values?.length !== 'number')
      throw new TypeError(`Cannot ${task}: expected a list of ${name}, got ${describe(values)}`)
  }
  if (probabilities.length !== severity.length) {
    const wanted = `${severity.length} probabilities, one for each class`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${probabilities.length}`)
  }
  if (thresholds.length >= severity.length) {
    const wanted = `fewer than ${severity.length} thresholds`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${thresholds.length}`)
  }
  const wrong = Array.from(probabilities).find((one) => !(Number.isFinite(one) && one >= 0))
  if (wrong !== undefined) {
    const wanted = 'probabilities of at least 0'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${wrong}: logits?`)
  }
  const found = severity.find((_, place) => {
    if (place >= thresholds.length) return false
    return severityScore(probabilities, severity, place) >= thresholds[place]!
  })
  if (found !== undefined) return found
  const rest = severity.slice(thresholds.length)
  return rest.reduce((best, index) => (probabilities[index]! > probabilities[best]! ? index : best))
}
