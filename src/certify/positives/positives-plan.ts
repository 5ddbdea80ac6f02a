import { aimedMisses } from '../classes/aimed-misses.js'
import { neymanPearsonOrder } from '../neyman-pearson-threshold.js'
import { concludeRates, type RatePlan } from '../rates/conclude-rates.js'
import { checkProvable, testRate } from '../rates/test-rate.js'
import { errorOf } from '../risks.js'
import type {
  CertifiedPositivesLevel,
  PositivesCertificate,
  PositivesPromise,
} from './positives-certificate.js'

/** The numbers that all rounds share. */
export interface PositivesPlan extends RatePlan {
  readonly kind: 'positives'
  /** Tuning positives that may lie below the threshold. */
  readonly misses: number
}

interface Counts {
  readonly tuning: number
  readonly positives: number
  readonly unlabelled: number
  readonly levels: number
  readonly task: string
}

/** Fixes promises and the rank of the threshold. Throws where there are too few samples. */
export function makePositivesPlan(
  {
    maximumFalseNegativeRate: alpha,
    maximumAlarmRate,
    confidence,
    passProbability = 0.9,
  }: PositivesPromise,
  { tuning, positives, unlabelled, levels, task }: Counts,
): PositivesPlan {
  const promises = [
    { of: 'missed positives', maximumRate: alpha, samples: positives },
    { of: 'alarms', maximumRate: maximumAlarmRate, samples: unlabelled },
  ]
  for (const promise of promises) checkProvable(promise, { confidence, task })
  const allowed = neymanPearsonOrder(positives, { alpha, delta: errorOf(confidence) }) - 1
  const aim = { tuning, calibration: positives, allowed, passProbability }
  return { kind: 'positives', confidence, levels, promises, misses: aimedMisses(aim) }
}

/** Scores of one round. */
export interface PositivesLevel {
  /** Number of the round; 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights, in (0, 1]. */
  readonly density: number
  /** Scores of the positives that the threshold is chosen on; higher = more likely positive. */
  readonly tuning: ArrayLike<number>
  /** Scores of the positives that the misses are tested on. */
  readonly positives: ArrayLike<number>
  /** Scores of samples of any class that the alarms are tested on. */
  readonly unlabelled: ArrayLike<number>
}

/** Chooses the threshold on the tuning positives, then tests misses and alarms. */
export function testPositivesLevel(
  { round, density, tuning, positives, unlabelled }: PositivesLevel,
  { promises, confidence, misses }: PositivesPlan,
): CertifiedPositivesLevel {
  const finite = (scores: ArrayLike<number>) =>
    Float64Array.from(scores, (score) =>
      Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, score)),
    )
  const threshold = finite(tuning).sort()[misses]! + 0 // no negative zero: JSON has none
  const missed = finite(positives).filter((score) => score < threshold).length
  const alarms = finite(unlabelled).filter((score) => score >= threshold).length
  const tests = [missed, alarms].map((events, i) => testRate(events, promises[i]!, confidence))
  return { round, density, threshold, tests, passed: tests.every(({ passed }) => passed) }
}

/** Puts the certificate together. */
export function concludePositives(
  { kind, confidence, levels, promises }: PositivesPlan,
  tested: readonly CertifiedPositivesLevel[],
  reused?: boolean,
): PositivesCertificate {
  const plan = { kind, confidence, levels, promises }
  return concludeRates(plan, tested, { reused }) as PositivesCertificate
}
