import { isAtMost } from '../internal/is-at-most.js'

/** A false-negative rate, and the false-positive rate that it costs. */
export interface RatesOfRound {
  /** In [0, 1]; NaN or null without positives. */
  readonly falseNegativeRate: number | null
  /** In [0, 1]; NaN or null without negatives. */
  readonly falsePositiveRate?: number | null
}

/**
 * Says of a network that a lot would find as many positives, in words; undefined where it finds more.
 * A lot that calls a share f of all samples positive misses a share 1 - f of the positives. So a
 * network that calls every sample the same class is no better.
 */
export function noBetterThanLot(rates: RatesOfRound): string | undefined {
  // JSON makes null of NaN.
  const [misses, alarms] = [rates.falseNegativeRate, rates.falsePositiveRate].map(
    (rate) => rate ?? Number.NaN,
  ) as [number, number]
  if (!isAtMost(1, misses + (Number.isNaN(alarms) ? 0 : alarms))) return undefined
  const cost = Number.isNaN(alarms) ? '' : ` at a false-positive rate of ${short(alarms)}`
  return `finds positives no better than by lot: its false-negative rate is ${short(misses)}${cost}`
}

const short = (rate: number) => Number(rate.toPrecision(3))
