import { REUSED } from '../certificate.js'
import { errorOf } from '../risks.js'
import {
  type PromisedRate,
  RATES_VOIDED_BY,
  type RateCertificate,
  type TestedRound,
} from './rate-certificate.js'

/** The parts of a certificate that are fixed before its tests. */
export interface RatePlan {
  readonly kind: RateCertificate['kind']
  readonly confidence: number
  readonly levels: number
  readonly promises: readonly PromisedRate[]
}

/**
 * Puts a certificate together from the tests of rounds in their order, up to the first that failed.
 *
 * Every round is tested at the whole delta: a bad round is shipped only if the first bad one
 * passes, and that has a chance of at most delta.
 *
 * @param plan The parts that were fixed before the tests.
 * @param tested The rounds tested; the last one is the only one that may have failed.
 * @param more The reason of a round that failed before its tests, if there is one; and whether a
 *   certificate was made with the samples before.
 */
export function concludeRates<Tested extends TestedRound>(
  plan: RatePlan,
  tested: readonly Tested[],
  { whyRefused, reused = false }: Conclusion<Tested> = {},
): RateCertificate<Tested> {
  const accepted = tested.findLast(({ passed }) => passed) ?? null
  const last = tested.at(-1)!
  const reason = last.passed
    ? `all ${plan.levels} levels passed: round ${last.round} is the sparsest`
    : `${whyRefused?.(last) ?? whyFailed(plan, last)}: ${outcomeOf(tested)}`
  const voidedBy = [...RATES_VOIDED_BY, ...(reused ? [REUSED] : [])]
  return { version: 1, ...plan, tested, accepted, reason, voidedBy }
}

interface Conclusion<Tested> {
  readonly whyRefused?: (tested: Tested) => string | undefined
  readonly reused?: boolean | undefined
}

function whyFailed({ promises, confidence }: RatePlan, { round, tests }: TestedRound): string {
  const failed = tests.flatMap(({ events, pValue, passed }, i) => {
    if (passed) return []
    const { of, samples, maximumRate } = promises[i]!
    return [
      `${events} of ${samples} ${of}, p ${pValue.toPrecision(3)} against ${errorOf(confidence)} at a rate of ${maximumRate}`,
    ]
  })
  return `round ${round} has ${failed.join(' and ')}`
}

function outcomeOf(tested: readonly TestedRound[]): string {
  const before = tested.at(-2)
  return before ? `round ${before.round} is the last that passed` : 'nothing is promised'
}
