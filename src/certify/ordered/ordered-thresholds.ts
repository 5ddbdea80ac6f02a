import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { isProbability } from '../../internal/is-probability.js'
import { checkClasses } from '../../internal/metric-checks.js'
import { anything, required } from '../../internal/option-checks.js'
import { samplesToProve } from '../../internal/provable-rate.js'
import { checkInside } from '../../internal/rate-checks.js'
import { checkLists, checkNumbers, checkSeverity } from '../check-numbers.js'
import { type ClassLimits, checkLimits, limitedClasses } from '../classes/class-limits.js'
import type { ClassScores } from '../classes/tune-weights.js'
import { neymanPearsonOrder } from '../neyman-pearson-threshold.js'
import { errorOf } from '../risks.js'
import type { OrderedRule } from './decide-ordered.js'
import { severityScore } from './severity-score.js'

/** Options of {@link orderedThresholds}. */
export interface OrderedThresholdsOptions {
  /** All classes, the most severe first. */
  readonly severity: readonly number[]
  /**
   * Largest rate of samples that are taken for a less severe class, by class, each in (0, 1): of
   * the most severe class, or of it and the ones that follow it, never of the least severe one.
   */
  readonly maximumUnderclassificationRates: ClassLimits
  /** Probability with which the rate of each class holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
}

const task = 'choose ordered thresholds'
const checks: OptionChecks<OrderedThresholdsOptions> = {
  severity: required(anything),
  maximumUnderclassificationRates: required(checkLimits),
  confidence: required(checkInside),
}

/**
 * Thresholds for classes in an order of severity, which control from the most severe class down how
 * often one is taken for a less severe one.
 *
 * Class by class: a sample of class k counts as infinite where a more severe class takes it, and
 * with its score otherwise; the threshold is the j-th smallest of all its n samples, j = max { j :
 * P(Bin(n, alpha_k) <= j - 1) <= delta }. Then P(rate of class k > alpha_k) <= delta for each
 * class, for thresholds above it that are fixed: they stand on samples of their own classes. This
 * is the hierarchical Neyman-Pearson umbrella algorithm with one exact order statistic of the joint
 * event in the place of its two bounds, so that no threshold is lower than there.
 *
 * @param scores Labels and probabilities of samples that were not used for training or any choice.
 * @param options The order of severity, the rates by class and the confidence.
 * @returns The rule for `decideOrdered`: plain data. Use samples once: the promise is that of one
 *   network, chosen before.
 * @throws {TypeError} If something is of the wrong type, or the lengths do not fit.
 * @throws {RangeError} If `severity` is no order of all classes, rates are not those of the most
 *   severe classes, a value is out of range, or a class has too few samples: the message names
 *   class and number.
 * @see Wang, Wang, Li, Tong: Hierarchical Neyman-Pearson classification for prioritizing severe
 *   disease categories in COVID-19 patient data. JASA 2024.
 *
 * @example
 * ```ts
 * import { decideOrdered, orderedThresholds } from 'tfjs-prune/certify'
 *
 * // Class 2 is the most severe; each sample gives its own class 0.5 to 0.9.
 * const labels = Uint8Array.from({ length: 300 }, (_, i) => i % 3)
 * const probabilities = Array.from(labels).flatMap((label, i) => {
 *   const own = 0.5 + (0.4 * i) / 300
 *   return [0, 1, 2].map((k) => (k === label ? own : (1 - own) / 2))
 * })
 * const rule = orderedThresholds(
 *   { labels, probabilities },
 *   { severity: [2, 1, 0], maximumUnderclassificationRates: { 2: 0.05, 1: 0.1 }, confidence: 0.95 },
 * )
 * if (decideOrdered([0.2, 0.2, 0.6], rule) !== 2) throw new Error('class 2 is found')
 * ```
 */
export function orderedThresholds(
  scores: ClassScores,
  options: OrderedThresholdsOptions,
): OrderedRule {
  checkOptions(options, { task, checks })
  const { severity, maximumUnderclassificationRates: limits, confidence } = options
  const rows = checkedRows(scores, severity)
  checkSevere(limits, severity)
  const thresholds: number[] = []
  for (const [place, index] of severity.slice(0, Object.keys(limits).length).entries()) {
    const own = rows.filter((_, i) => scores.labels[i] === index)
    const order = orderFor(own.length, { class: index, alpha: limits[index]!, confidence })
    const joint = own.map((row) => {
      const isTaken = thresholds.some((t, above) => severityScore(row, severity, above) >= t)
      return isTaken ? Number.MAX_VALUE : severityScore(row, severity, place)
    })
    thresholds.push(Float64Array.from(joint).sort()[order - 1]!)
  }
  return { severity: [...severity], thresholds }
}

/** The rank of the threshold. Throws where a class has too few samples for one. */
function orderFor(
  samples: number,
  given: { readonly class: number; readonly alpha: number; readonly confidence: number },
): number {
  const { alpha, confidence } = given
  const delta = errorOf(confidence)
  const order = neymanPearsonOrder(samples, { alpha, delta })
  if (order > 0) return order
  const needed = samplesToProve(alpha, delta)
  const over = `a rate of ${alpha} and confidence ${confidence}`
  throw new RangeError(
    `Cannot ${task}: expected at least ${needed} samples of class ${given.class}, ${over}, got ${samples}`,
  )
}

/** Throws unless rates are those of the most severe classes, without a gap, not of all. */
function checkSevere(limits: ClassLimits, severity: readonly number[]): void {
  const limited = limitedClasses(limits)
  const wanted = severity.slice(0, Math.min(limited.length, severity.length - 1))
  const isMissing = wanted.some((index) => !limited.includes(index))
  if (!isMissing && limited.length < severity.length) return
  const named = `rates of the most severe classes, ${wanted.join(', ')}`
  throw new RangeError(`Cannot ${task}: expected ${named}, got those of ${limited.join(', ')}`)
}

/** The probabilities of each sample. Throws unless scores and severity fit each other. */
function checkedRows(scores: ClassScores, severity: readonly number[]): number[][] {
  const cannot = `Cannot ${task}: expected`
  if (typeof scores !== 'object' || scores === null)
    throw new TypeError(`${cannot} { labels, probabilities }, got ${describe(scores)}`)
  const { labels, probabilities } = scores
  checkLists({ labels, probabilities, severity }, task)
  checkSeverity(severity, task)
  const classes = severity.length
  if (probabilities.length !== labels.length * classes) {
    const wanted = `${classes} probabilities for each of ${labels.length} labels`
    throw new TypeError(`${cannot} ${wanted}, got ${probabilities.length} in all`)
  }
  checkClasses(labels, `${cannot} label`)
  const below = (label: number) => label < classes
  checkNumbers(labels, { task, wanted: `labels below the ${classes} classes`, accepts: below })
  const wanted = 'probabilities in [0, 1]'
  checkNumbers(probabilities, { task, wanted, accepts: isProbability, hint: ': logits?' })
  const values = Array.from(probabilities)
  return Array.from(labels, (_, i) => values.slice(i * classes, (i + 1) * classes))
}
