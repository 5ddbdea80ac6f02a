import { signedRankInterval } from '../../metrics/signed-rank-interval.js'
import { differencesOf } from '../../metrics/signed-ranks.js'
import { wilcoxonSignedRank } from '../../metrics/wilcoxon-signed-rank.js'
import type { Interval } from '../../types.js'
import { keyOf, type RowLabels } from './row-labels.js'

/** A value, and the labels that its pair has as well. */
interface Paired {
  readonly pair: RowLabels
  readonly value: number
}

interface ComparisonOptions {
  readonly direction: 'maximise' | 'minimise'
  readonly confidence: number
}

/** A group beside the one that it is compared with, pair by pair. */
export interface PairedComparison {
  /** Pairs that both have: the only ones that are compared. */
  readonly pairs: number
  /** Pairs in which the group is better, worse or equal. */
  readonly better: number
  readonly worse: number
  readonly equal: number
  /**
   * Median difference of the pairs, above 0 where the group's figure is the higher; null without
   * pairs.
   */
  readonly medianDifference: number | null
  /** Its interval; null where the pairs are too few for the confidence. */
  readonly interval: Interval | null
  /** Two-sided p-value of the signed-rank test; null without pairs. */
  readonly pValue: number | null
  /** Pairs that the group lacks and the other one has. */
  readonly missing: readonly RowLabels[]
  /** Pairs that the group has and the other one lacks. */
  readonly unmatched: readonly RowLabels[]
}

/** Compares the values of a group with those of another one that have the same labels. */
export function comparePairs(
  own: readonly Paired[],
  other: readonly Paired[],
  { direction, confidence }: ComparisonOptions,
): PairedComparison {
  const others = new Map(other.map(({ pair, value }) => [keyOf(pair), value]))
  const owned = new Set(own.map(({ pair }) => keyOf(pair)))
  const both = own.filter(({ pair }) => others.has(keyOf(pair)))
  const first = both.map(({ value }) => value)
  const second = both.map(({ pair }) => others.get(keyOf(pair))!)
  const sign = direction === 'maximise' ? 1 : -1
  const differences = differencesOf(first, second)
  const count = (wanted: number) =>
    differences.filter(({ value }) => Math.sign(sign * value) === wanted).length
  const told = {
    ...{ pairs: both.length, better: count(1), worse: count(-1), equal: count(0) },
    missing: other.map(({ pair }) => pair).filter((pair) => !owned.has(keyOf(pair))),
    unmatched: own.map(({ pair }) => pair).filter((pair) => !others.has(keyOf(pair))),
  }
  if (both.length === 0) return { ...told, medianDifference: null, interval: null, pValue: null }
  const { medianDifference, lower, upper } = signedRankInterval(first, second, { confidence })
  return {
    ...told,
    medianDifference,
    interval: Number.isFinite(lower) ? { lower, upper } : null,
    pValue: wilcoxonSignedRank(first, second).pValue,
  }
}
