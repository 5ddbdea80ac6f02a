import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { describe } from '../../internal/describe.js'
import { required } from '../../internal/option-checks.js'
import { checkInside } from '../../internal/rate-checks.js'
import type { NumberArray } from '../../types.js'
import { checkOrder } from '../certify-scores.js'
import { concludeRates, type RatePlan } from '../rates/conclude-rates.js'
import type { TestedRound } from '../rates/rate-certificate.js'
import { checkProvable, testRate } from '../rates/test-rate.js'
import { testUntilFailure } from '../rates/test-until-failure.js'
import type { AgreementCertificate, AgreementPromise } from './agreement-certificate.js'

/** The decisions of one round on the calibration samples. */
export interface DecidedLevel {
  /** Number of the round; 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights, in (0, 1]. */
  readonly density: number
  /** Decision on each sample as a number, such as a class index or 1 for an alarm and 0 for none. */
  readonly decisions: NumberArray
}

const task = 'certify the agreement'

/** Checks of a promise on agreement. */
export const agreementChecks: OptionChecks<AgreementPromise> = {
  maximumDisagreement: required(checkInside),
  confidence: required(checkInside),
}

/**
 * Certifies rounds without labels, from their decisions: at most a given share of new samples is
 * decided otherwise than by the first round.
 *
 * Counts the calibration samples whose decision differs from that of the first round, and tests
 * P(differ) > maximum by the exact binomial at delta = 1 - confidence, dense to sparse, until the
 * first round that fails. P(share of the accepted round > maximum) <= delta. It bounds misses too:
 * a class that makes up a share s of the samples is missed at most maximum / s more often than by
 * the first round. Pure; `certifyAgreement` is its sibling that makes the decisions.
 *
 * @param levels The reference, then the rounds that are compared with it, the densities not
 *   rising; all have the same samples.
 * @param options The largest share and the confidence.
 * @returns The certificate: plain data. The first round always passes: it is compared with itself.
 * @throws {TypeError} If something is not a number or of another length.
 * @throws {RangeError} If there is no level or no sample, densities rise, a decision is NaN, an
 *   option is outside (0, 1), or there are too few samples: the message names the number.
 * @see Alvarez: Confident magnitude-based neural network pruning. 2024. Angelopoulos et al.: Learn
 *   then Test. 2021.
 *
 * @example
 * ```ts
 * import { certifyDecisions } from 'tfjs-prune/certify'
 *
 * const dense = Array.from({ length: 200 }, (_, i) => i % 2)
 * const levels = [
 *   { round: 0, density: 1, decisions: dense },
 *   { round: 1, density: 0.5, decisions: dense.map((one, i) => (i < 4 ? 1 - one : one)) },
 *   { round: 2, density: 0.25, decisions: dense.map((one, i) => (i < 9 ? 1 - one : one)) },
 * ]
 * const promise = { maximumDisagreement: 0.05, confidence: 0.95 }
 * const { accepted } = certifyDecisions(levels, promise)
 * if (accepted?.round !== 1) throw new Error('4 of 200 prove at most 5 %, 9 do not')
 * ```
 */
export function certifyDecisions(
  levels: readonly DecidedLevel[],
  options: AgreementPromise,
): AgreementCertificate {
  checkOptions(options, { task, checks: agreementChecks })
  checkOrder(levels)
  const first = levels[0]!
  for (const { decisions } of levels) checkDecisions(decisions, first.decisions)
  const own = copyOptions(options, agreementChecks)
  const plan = makeAgreementPlan({ samples: first.decisions.length, ...own }, levels.length)
  const test = (level: DecidedLevel) => testDecisions(level, first.decisions, plan)
  return concludeRates(plan, testUntilFailure(levels, test)) as AgreementCertificate
}

/** Fixes the promise. Throws where there are too few samples to prove it. */
export function makeAgreementPlan(
  {
    samples,
    maximumDisagreement: maximumRate,
    confidence,
  }: AgreementPromise & { readonly samples: number },
  levels: number,
): RatePlan {
  const promise = { of: 'decisions that differ', maximumRate, samples }
  checkProvable(promise, { confidence, task })
  return { kind: 'agreement', confidence, levels, promises: [promise] }
}

/** Counts the decisions that differ from the reference, and tests their share. */
export function testDecisions(
  { round, density, decisions }: DecidedLevel,
  reference: NumberArray,
  { promises, confidence }: RatePlan,
): TestedRound {
  const differing = Array.from(decisions).filter((one, i) => one !== reference[i]).length
  const test = testRate(differing, promises[0]!, confidence)
  return { round, density, tests: [test], passed: test.passed }
}

function checkDecisions(decisions: NumberArray, first: NumberArray): void {
  const cannot = `Cannot ${task}: expected`
  if (typeof decisions !== 'object' || typeof decisions?.length !== 'number')
    throw new TypeError(`${cannot} a list of decisions, got ${describe(decisions)}`)
  if (decisions.length === 0) throw new RangeError(`${cannot} at least one sample, got none`)
  if (decisions.length !== first.length) {
    const wanted = `${first.length} decisions at each level`
    throw new TypeError(`${cannot} ${wanted}, got ${decisions.length}`)
  }
  for (let i = 0; i < decisions.length; i++) {
    if (typeof decisions[i] !== 'number')
      throw new TypeError(`${cannot} decision ${i} to be a number, got ${describe(decisions[i])}`)
    if (Number.isNaN(decisions[i]))
      throw new RangeError(`${cannot} decision ${i} to be a number, got NaN`)
  }
}
