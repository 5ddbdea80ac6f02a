import { holm } from 'tfjs-prune/metrics'
import { CLAIMS, type Claim } from './claims.js'
import { type Comparison, compareSides } from './compare-sides.js'
import { FIGURES } from './figures.js'
import { type Judged, meanOf, overLevels, runsOf } from './judged.js'
import { levelName } from './levels.js'

export type Verdict =
  | 'held'
  | 'held, but smaller'
  | 'not shown'
  | 'too few seeds'
  | 'refuted'
  | 'no rows'

/** A claim on the rows of a study. */
export interface JudgedClaim {
  readonly claim: Claim
  readonly verdict: Verdict
  /** Undefined where a system has no rows. */
  readonly comparison: Comparison | undefined
  /** By Holm over all claims that name a side. */
  readonly pByHolm: number | undefined
  /** The largest fall at a level, as a share, where the claim names one. */
  readonly largest: { readonly fall: number; readonly level: string } | undefined
}

const MOST_P = 0.05
/** The largest margin of nearness, as a share of the rate that is compared with. */
const MOST_SHARE = 0.2

/**
 * Judges the claims on a study. The differences are those of the means over the levels, by seed.
 *
 * A side is held where the whole 95 % interval lies on the claimed side and p is below .05 by Holm;
 * refuted where the whole interval lies on the other side and p is below .05 by Holm; else not
 * shown, or too few seeds where none of their outcomes could show it. A claimed size must also be reached at some level, or the claim is held, but smaller.
 * Nearness is held where the interval ends at the margin or below, refuted where it begins above;
 * the margin is never more than a fifth of the rate that is compared with.
 */
export function judgeClaims(judged: Judged): JudgedClaim[] {
  const compared = CLAIMS.map((claim) => ({
    claim,
    comparison: compareSides(judged, [claim.own, claim.other], claim.figure),
  }))
  // A claim without rows counts with a p-value of 1, so that later rows make no verdict weaker.
  const tested = compared.filter(({ claim }) => claim.wanted !== 'near')
  const adjusted = holm(tested.map(({ comparison }) => comparison?.paired.pValue ?? 1))
  return compared.map((one) => {
    const { claim, comparison } = one
    const pByHolm = adjusted[tested.indexOf(one)]
    const largest =
      claim.size !== undefined && comparison !== undefined ? largestFall(judged, claim) : undefined
    return {
      ...one,
      pByHolm,
      largest,
      verdict: comparison
        ? verdictOf(claim, { comparison, pByHolm, largest, tests: tested.length })
        : 'no rows',
    }
  })
}

/** The part of a claim that its verdict hangs on. */
export type Rule = Pick<Claim, 'wanted' | 'margin' | 'size'>

type Found = Pick<JudgedClaim, 'pByHolm' | 'largest'> & {
  readonly comparison: Comparison
  /** Tests of the family, those without rows among them. */
  readonly tests: number
}

/** Whether no outcome of so many seeds could come below the limit, in a family of so many tests. */
export const isTooFew = (pairs: number, tests: number): boolean =>
  tests * 2 ** (1 - pairs) >= MOST_P

/** The verdict of a comparison by the rules of {@link judgeClaims}. */
export function verdictOf(
  claim: Rule,
  { comparison, pByHolm = 1, largest, tests }: Found,
): Verdict {
  const { interval, pairs } = comparison.paired
  if (!interval) return 'too few seeds'
  if (claim.wanted === 'near') {
    const margin = Math.min(claim.margin!, MOST_SHARE * comparison.other)
    if (interval.upper <= margin) return 'held'
    return interval.lower > margin ? 'refuted' : 'not shown'
  }
  if (isTooFew(pairs, tests)) return 'too few seeds'
  const isLower = claim.wanted === 'lower'
  const [held, refuted] = isLower
    ? [interval.upper < 0, interval.lower > 0]
    : [interval.lower > 0, interval.upper < 0]
  if (pByHolm >= MOST_P) return 'not shown'
  const fall = largest?.fall ?? 0
  if (held) return fall >= (claim.size ?? 0) ? 'held' : 'held, but smaller'
  return refuted ? 'refuted' : 'not shown'
}

/** The level at which the means fall furthest; chosen after the fact, so that it flatters. */
function largestFall(judged: Judged, { own, other, figure }: Claim): JudgedClaim['largest'] {
  const seedsOf = (system: string) => runsOf(judged, system).map(({ seed }) => seed)
  const shared = seedsOf(own.system).filter((seed) => seedsOf(other.system).includes(seed))
  const meanAt = (system: string, level: number) =>
    meanOf(
      runsOf(judged, system)
        .filter(({ seed }) => shared.includes(seed))
        .flatMap((run) => overLevels(run, figure, [level]) ?? []),
    )
  const falls = own.levels
    .filter((level) => meanAt(other.system, level) > 0)
    .map((level) => ({
      level: levelName(level),
      fall: 1 - meanAt(own.system, level) / meanAt(other.system, level),
    }))
  if (falls.length === 0) return undefined
  return falls.reduce((best, one) => (one.fall > best.fall ? one : best))
}

/** The digits of a claim's figure. */
export const decimalsOf = ({ figure }: Claim): number => FIGURES[figure].decimals
