import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { falseNegativeRateAt } from '../../src/metrics/false-negative-rate-at.js'
import { partialAuc } from '../../src/metrics/partial-auc.js'
import { thresholdForFalsePositiveRate } from '../../src/metrics/threshold-for-false-positive-rate.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples, samplesWithoutTies } from './samples.js'

const positiveClass = 1
const rates = fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000)
const task = 'Cannot compute falseNegativeRateAt: expected'

describe('falseNegativeRateAt', () => {
  it.each(golden.cases)('falseNegativeRateAt agrees with scikit-learn: $name', (golden) => {
    const { labels, scores, positiveClass, missedAt } = golden
    for (const { rate, falseNegativeRate } of missedAt) {
      const missed = falseNegativeRateAt(labels, scores, { positiveClass, falsePositiveRate: rate })
      expect(Math.abs(missed - falseNegativeRate)).toBeLessThan(1e-14)
    }
  })

  it('falseNegativeRateAt is that of thresholdForFalsePositiveRate without ties, and never above it', () => {
    const missed = (
      { labels, scores }: { labels: number[]; scores: number[] },
      falsePositiveRate: number,
    ) => {
      const options = { positiveClass, falsePositiveRate }
      const reached = 1 - thresholdForFalsePositiveRate(labels, scores, options).recall
      return { at: falseNegativeRateAt(labels, scores, options), reached }
    }
    fc.assert(
      fc.property(samplesWithoutTies, rates, (set, rate) => {
        const { at, reached } = missed(set, rate)
        expect(Math.abs(at - reached)).toBeLessThan(1e-15)
      }),
    )
    fc.assert(
      fc.property(samples, rates, (set, rate) => {
        const { at, reached } = missed(set, rate)
        expect(at).toBeLessThan(reached + 1e-15)
        expect(at).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('falseNegativeRateAt is one less the slope of partialAuc', () => {
    fc.assert(
      fc.property(samples, rates, ({ labels, scores }, rate) => {
        const negatives = labels.filter((label) => label === 0).length
        const within = (rate * negatives) % 1 // between the points, where the curve is straight
        fc.pre(rate > 0.01 && within > 0.01 && within < 0.99)
        const area = (maximumFalsePositiveRate: number) =>
          partialAuc(labels, scores, { positiveClass, maximumFalsePositiveRate })
        const step = 1e-5
        const slope = (area(rate + step) - area(rate - step)) / (2 * step)
        const missed = falseNegativeRateAt(labels, scores, {
          positiveClass,
          falsePositiveRate: rate,
        })
        expect(Math.abs(missed - (1 - slope))).toBeLessThan(1e-9)
      }),
    )
  })

  it('falseNegativeRateAt gives equal scores 1 - f, and half of a tie half of its positives', () => {
    const equal = falseNegativeRateAt([1, 0, 0, 0], [2, 2, 2, 2], {
      positiveClass,
      falsePositiveRate: 0.25,
    })
    expect(equal).toBe(0.75)
    // The highest negative ties with three positives of four; half a negative is half of them.
    const half = falseNegativeRateAt([1, 1, 1, 1, 0, 0], [9, 5, 5, 5, 5, 1], {
      positiveClass,
      falsePositiveRate: 0.25,
    })
    expect(half).toBe(1.5 / 4)
  })

  it('falseNegativeRateAt is exact where the rate is a count: 0.29 of 100 negatives', () => {
    const labels = Array.from({ length: 200 }, (_, i) => i % 2)
    const scores = labels.map((_, i) => i) // a positive above each negative
    for (const alarms of [0, 7, 29, 57, 58, 99]) {
      const missed = falseNegativeRateAt(labels, scores, {
        positiveClass,
        falsePositiveRate: alarms / 100,
      })
      expect(missed).toBe((100 - alarms - 1) / 100)
    }
  })

  it('falseNegativeRateAt counts whole misses in a tie where the rate is a count', () => {
    for (const total of [10, 49, 93, 98, 100]) {
      // All tie: as many positives are found as negatives are alarms.
      const labels = Array.from({ length: 2 * total }, (_, i) => i % 2)
      const scores = labels.map(() => 3)
      for (let alarms = 0; alarms < total; alarms++) {
        const falsePositiveRate = alarms / total
        const missed = falseNegativeRateAt(labels, scores, { positiveClass, falsePositiveRate })
        expect(missed).toBe((total - alarms) / total)
      }
    }
  })

  it('falseNegativeRateAt is 1 at most where the rate times the negatives is rounded down', () => {
    // 29 negatives lie above a tie of one negative and the only positive; 0.29 * 100 is
    // 28.999999999999996.
    const scores = Array.from({ length: 101 }, (_, i) => (i < 29 ? 2 : i < 31 ? 1 : 0))
    const labels = scores.map((_, i) => Number(i === 29))
    expect(falseNegativeRateAt(labels, scores, { positiveClass, falsePositiveRate: 0.29 })).toBe(1)
  })

  it('falseNegativeRateAt misses nothing at a rate of 1, and takes infinite scores', () => {
    const scores = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const at = (labels: number[], falsePositiveRate: number) =>
      falseNegativeRateAt(labels, scores, { positiveClass, falsePositiveRate })
    expect([at([0, 1], 0), at([0, 1], 0.99), at([0, 1], 1)]).toEqual([1, 1, 0])
    expect([at([1, 0], 0), at([1, 0], 1)]).toEqual([0, 0])
  })

  it('falseNegativeRateAt is NaN without positives or without negatives', () => {
    for (const falsePositiveRate of [0, 0.5, 1]) {
      expect(falseNegativeRateAt([0, 0], [1, 2], { positiveClass, falsePositiveRate })).toBeNaN()
      expect(falseNegativeRateAt([1, 1], [1, 2], { positiveClass, falsePositiveRate })).toBeNaN()
    }
  })

  it.each([-0.1, 1.1, Number.NaN])(
    'falseNegativeRateAt rejects a rate of %d',
    (falsePositiveRate) => {
      const of = () => falseNegativeRateAt([0, 1], [0, 1], { positiveClass, falsePositiveRate })
      expect(of).toThrow(
        new RangeError(`${task} falsePositiveRate to be in [0, 1], got ${falsePositiveRate}`),
      )
    },
  )

  it('falseNegativeRateAt rejects options that are missing or unknown', () => {
    const of = (options: object) => () =>
      falseNegativeRateAt([0, 1], [0, 1], options as { positiveClass: 1; falsePositiveRate: 0 })
    expect(of({ positiveClass })).toThrow(
      new TypeError(`${task} falsePositiveRate to be in [0, 1], got undefined`),
    )
    const unknown = new TypeError(`${task} options among positiveClass, falsePositiveRate, got at`)
    expect(of({ positiveClass, falsePositiveRate: 0.5, at: 0.5 })).toThrow(unknown)
  })

  itRejectsBadScores('falseNegativeRateAt', (labels, scores, positive) =>
    falseNegativeRateAt(labels, scores, { positiveClass: positive, falsePositiveRate: 0.5 }),
  )
})
