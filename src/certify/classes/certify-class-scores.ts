import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { describe } from '../../internal/describe.js'
import { isProbability } from '../../internal/is-probability.js'
import { checkFraction, required } from '../../internal/option-checks.js'
import { checkInside } from '../../internal/rate-checks.js'
import type { NumberArray } from '../../types.js'
import { checkOrder } from '../certify-scores.js'
import { testUntilFailure } from '../rates/test-until-failure.js'
import type { ClassCertificate } from './class-certificate.js'
import { checkLimits } from './class-limits.js'
import {
  type ClassLevel,
  type ClassPromise,
  checkApartSplits,
  checkSplit,
  concludeClasses,
  makeClassPlan,
  testClassLevel,
} from './class-plan.js'
import type { ClassScores } from './tune-weights.js'

const task = 'certify the classes'

/** Checks of a promise on classes. */
export const classPromiseChecks: OptionChecks<ClassPromise> = {
  maximumFalseNegativeRates: required(checkLimits),
  confidence: required(checkInside),
  passProbability: checkFraction,
}

/**
 * Certifies rounds for several classes that must not be missed, from their probabilities: at most a
 * given share of each limited class goes to another class.
 *
 * The rule of a round is argmax of w_k p_k. The tuning samples give the weights: the least ones of
 * at least 1 that keep all limits, so that no class without a limit is missed more often than it
 * must be (the optimum over class weights of Neyman-Pearson multi-class classification). They also
 * say where no weights keep the limits. On the calibration samples each limited class k is then
 * tested, P(predicted != k | class k) > limit, by the exact binomial at delta = 1 - confidence; a
 * round passes if all classes do. Rounds are tested dense to sparse, each at the whole delta, until
 * the first that fails. P(some limit is broken) <= delta for all limits together. Pure;
 * `certifyClasses` is its sibling that makes the probabilities.
 *
 * @param levels At least one level, the densities not rising, each with the probabilities of the
 *   tuning and of the calibration samples; the labels are the same in all levels.
 * @param options The limits by class, the confidence, and the chance of passing to aim at.
 * @returns The certificate: plain data. `accepted` is null when the first level fails. Where no
 *   weights keep the limits on the tuning samples, `feasible` of the level is false and `reason`
 *   tells the best attainable misses.
 * @throws {TypeError} If levels is no list, or something in it is of the wrong type or length.
 * @throws {RangeError} If there is no level, densities rise, labels differ between levels or are no
 *   classes, a probability is outside [0, 1], a limit is of no class, or a limited class has no
 *   tuning samples or too few calibration samples: the message names class and number.
 * @see Tian, Feng: Neyman-Pearson multi-class classification via cost-sensitive learning. JASA
 *   2025. Angelopoulos et al.: Learn then Test. 2021.
 *
 * @example
 * ```ts
 * import { certifyClassScores, decideClass } from 'tfjs-prune/certify'
 *
 * // Class 2 has the largest probability in 8 of 10 of its samples; at most 10 % may be missed.
 * const labels = Uint8Array.from({ length: 300 }, (_, i) => i % 3)
 * const rows = Array.from(labels, (label, i) => {
 *   if (label !== 2) return label === 0 ? [0.8, 0.1, 0.1] : [0.1, 0.8, 0.1]
 *   return i % 5 === 0 ? [0.5, 0.1, 0.4] : [0.1, 0.1, 0.8]
 * })
 * const part = (from: number, end: number) => {
 *   return { labels: labels.subarray(from, end), probabilities: rows.slice(from, end).flat() }
 * }
 * const levels = [{ round: 0, density: 1, tuning: part(0, 141), calibration: part(141, 300) }]
 * const { accepted } = certifyClassScores(levels, { maximumFalseNegativeRates: { 2: 0.1 }, confidence: 0.95 })
 * if (!accepted || accepted.tests[0]!.events > 0) throw new Error('a larger weight finds them')
 * if (decideClass([0.5, 0.1, 0.4], accepted.weights) !== 2) throw new Error('by this rule')
 * ```
 */
export function certifyClassScores(
  levels: readonly ClassLevel[],
  options: ClassPromise,
): ClassCertificate {
  checkOptions(options, { task, checks: classPromiseChecks })
  checkOrder(levels)
  const first = levels[0]!
  const classes = checkScores(first.tuning, { name: 'tuning' })
  for (const level of levels) {
    for (const name of ['tuning', 'calibration'] as const) {
      checkScores(level[name], { name, classes })
      if (level[name].labels === first[name].labels && level !== first) continue
      checkSplit(level[name].labels, {
        name,
        classes,
        limits: options.maximumFalseNegativeRates,
        task,
      })
      checkSame(level[name].labels, first[name].labels, name)
    }
  }
  checkApartSplits(first, task)
  const plan = makeClassPlan(first.calibration.labels, {
    ...copyOptions(options, classPromiseChecks),
    classes,
    levels: levels.length,
    task,
  })
  return concludeClasses(
    plan,
    testUntilFailure(levels, (level) => testClassLevel(level, plan)),
  )
}

/** Number of classes of one split. Throws unless there is a row of probabilities a label. */
function checkScores(
  scores: ClassScores,
  { name, classes }: { readonly name: string; readonly classes?: number },
): number {
  const cannot = `Cannot ${task}: expected`
  if (typeof scores !== 'object' || scores === null) {
    const wanted = `${name} as { labels, probabilities }`
    throw new TypeError(`${cannot} ${wanted}, got ${describe(scores)}`)
  }
  for (const field of ['labels', 'probabilities'] as const) {
    const values: NumberArray | undefined = scores[field]
    if (typeof values !== 'object' || typeof values?.length !== 'number')
      throw new TypeError(`${cannot} a list of ${name} ${field}, got ${describe(values)}`)
  }
  const { labels, probabilities } = scores
  if (labels.length === 0) throw new RangeError(`${cannot} ${name} samples, got none`)
  const columns = probabilities.length / labels.length
  if (!(Number.isInteger(columns) && columns >= 2) || columns !== (classes ?? columns)) {
    const wanted = `${classes ?? 'two or more'} probabilities for each of ${labels.length} ${name} samples`
    throw new TypeError(`${cannot} ${wanted}, got ${probabilities.length} in all`)
  }
  for (let i = 0; i < probabilities.length; i++) {
    const value = probabilities[i]!
    if (typeof value !== 'number')
      throw new TypeError(`${cannot} ${name} probabilities as numbers, got ${describe(value)}`)
    if (!isProbability(value))
      throw new RangeError(`${cannot} ${name} probabilities in [0, 1], got ${value}: logits?`)
  }
  return columns
}

function checkSame(labels: NumberArray, first: NumberArray, name: string): void {
  const wrong = Array.from(first).findIndex((label, i) => label !== labels[i])
  if (wrong < 0 && labels.length === first.length) return
  const place = wrong < 0 ? first.length : wrong
  const wanted = `the same ${name} labels at each level, ${first[place] ?? 'no'} at ${place}`
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${labels[place] ?? 'none'}`)
}
