import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { checkFraction, required } from '../../internal/option-checks.js'
import { checkInside } from '../../internal/rate-checks.js'
import { checkOrder } from '../certify-scores.js'
import { checkApart } from '../check-apart.js'
import { testUntilFailure } from '../rates/test-until-failure.js'
import type { PositivesCertificate, PositivesPromise } from './positives-certificate.js'
import {
  concludePositives,
  makePositivesPlan,
  type PositivesLevel,
  testPositivesLevel,
} from './positives-plan.js'

const task = 'certify the positives'

/** Checks of a promise from positives. */
export const positivesChecks: OptionChecks<PositivesPromise> = {
  maximumFalseNegativeRate: required(checkInside),
  maximumAlarmRate: required(checkInside),
  confidence: required(checkInside),
  passProbability: checkFraction,
}

/**
 * Certifies rounds where positives alone have labels: at most a given rate of them is missed, and
 * at most a given share of all samples is an alarm.
 *
 * The threshold of a round lies among the tuning positives, so low that its test is likely to pass.
 * On other positives P(score < t) > maximumFalseNegativeRate is tested, and on samples without
 * labels P(score >= t) > maximumAlarmRate, both by the exact binomial at delta = 1 - confidence. A
 * round passes if both do; rounds are tested dense to sparse, each at the whole delta, until the
 * first that fails. P(one of both rates above its maximum) <= delta. Alarms count positives too, so
 * that they bound the false alarms. Pure; `certifyPositives` is its sibling that makes the scores,
 * and `certifyScores` that for labels of both sides.
 *
 * @param levels At least one level, the densities not rising; all have the same samples.
 * @param options The two largest rates, the confidence, and the chance of passing to aim at.
 * @returns The certificate: plain data. `accepted` is null when the first level fails.
 * @throws {TypeError} If levels is no list, or something in it is no number or of another length.
 * @throws {RangeError} If there is no level, densities rise, a score is NaN, an option is outside
 *   (0, 1), tuning and calibration scores are the same, or there are too few samples: the message
 *   names the number.
 * @see Angelopoulos et al.: Learn then Test. 2021.
 *
 * @example
 * ```ts
 * import { certifyPositiveScores } from 'tfjs-prune/certify'
 *
 * const scores = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i / count)
 * const level = {
 *   ...{ round: 0, density: 1 },
 *   tuning: scores(100, 1),
 *   positives: scores(120, 1),
 *   unlabelled: [...scores(180, 0), ...scores(20, 1)], // a tenth of them positive
 * }
 * const promise = { maximumFalseNegativeRate: 0.05, maximumAlarmRate: 0.2, confidence: 0.95 }
 * const { accepted } = certifyPositiveScores([level], promise)
 * if (!accepted || accepted.tests[1]!.events > 20) throw new Error('few alarms')
 * ```
 */
export function certifyPositiveScores(
  levels: readonly PositivesLevel[],
  options: PositivesPromise,
): PositivesCertificate {
  checkOptions(options, { task, checks: positivesChecks })
  checkOrder(levels)
  const first = levels[0]!
  for (const level of levels) {
    for (const name of ['tuning', 'positives', 'unlabelled'] as const)
      checkScoreList(level[name], { name, first: first[name] })
  }
  checkApartScores(first)
  const plan = makePositivesPlan(options, {
    tuning: first.tuning.length,
    positives: first.positives.length,
    unlabelled: first.unlabelled.length,
    levels: levels.length,
    task,
  })
  const tested = testUntilFailure(levels, (level) => testPositivesLevel(level, plan))
  return concludePositives(plan, tested)
}

/** Throws where the threshold would be tested on the positives that it was chosen on. */
export function checkApartScores({ tuning, positives }: PositivesLevel): void {
  const splits = { tuning: { scores: tuning }, calibration: { scores: positives } }
  checkApart(splits, { task, name: 'positives' })
}

function checkScoreList(
  scores: ArrayLike<number>,
  { name, first }: { readonly name: string; readonly first: ArrayLike<number> },
): void {
  const cannot = `Cannot ${task}: expected`
  if (typeof scores !== 'object' || typeof scores?.length !== 'number')
    throw new TypeError(`${cannot} a list of ${name} scores, got ${describe(scores)}`)
  if (scores.length === 0) throw new RangeError(`${cannot} ${name} scores, got none`)
  if (scores.length !== first.length) {
    const wanted = `${first.length} ${name} scores at each level`
    throw new TypeError(`${cannot} ${wanted}, got ${scores.length}`)
  }
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]
    const wanted = `${name} score ${i} to be a number`
    if (typeof score !== 'number') throw new TypeError(`${cannot} ${wanted}, got ${String(score)}`)
    if (Number.isNaN(score)) throw new RangeError(`${cannot} ${wanted}, got NaN`)
  }
}
