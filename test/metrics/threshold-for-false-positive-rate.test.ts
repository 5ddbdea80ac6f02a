import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confusion } from '../../src/metrics/confusion.js'
import { falsePositiveRate as falsePositiveRateOf, recall } from '../../src/metrics/rates.js'
import { thresholdForFalsePositiveRate } from '../../src/metrics/threshold-for-false-positive-rate.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples } from './samples.js'

const positiveClass = 1
const rates = fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000)
const task = 'Cannot compute thresholdForFalsePositiveRate: expected'

describe('thresholdForFalsePositiveRate', () => {
  it.each(golden.cases)(
    'thresholdForFalsePositiveRate agrees with scikit-learn: $name',
    (golden) => {
      const { labels, scores, positiveClass, forFalsePositiveRate } = golden
      for (const { wanted, threshold, ...rates } of forFalsePositiveRate) {
        const point = thresholdForFalsePositiveRate(labels, scores, {
          positiveClass,
          falsePositiveRate: wanted,
        })
        expect(point).toEqual({ threshold: threshold ?? Number.POSITIVE_INFINITY, ...rates })
      }
    },
  )

  it('thresholdForFalsePositiveRate keeps to the rate, and the next lower score does not', () => {
    fc.assert(
      fc.property(samples, rates, ({ labels, scores }, wanted) => {
        const point = thresholdForFalsePositiveRate(labels, scores, {
          positiveClass,
          falsePositiveRate: wanted,
        })
        const at = (threshold: number) => confusion(labels, scores, { positiveClass, threshold })
        expect(point.recall).toBe(recall(at(point.threshold)))
        expect(point.falsePositiveRate).toBe(falsePositiveRateOf(at(point.threshold)))
        expect(point.falsePositiveRate).toBeLessThanOrEqual(wanted)
        const lower = Math.max(...scores.filter((score) => score < point.threshold))
        expect(falsePositiveRateOf(at(lower))).toBeGreaterThan(wanted)
      }),
    )
  })

  it.each([
    [0.9, 10, 9],
    [0.7, 10, 7],
    [0.29, 100, 29],
    [0.57, 100, 57],
    [0, 10, 0],
  ])(
    'thresholdForFalsePositiveRate of %d takes the exact count of %d negatives: %d',
    (rate, m, alarms) => {
      const labels = Array.from({ length: 2 * m }, (_, i) => i % 2)
      const scores = labels.map((_, i) => i) // negatives 0, 2, ..., a positive above each
      const point = thresholdForFalsePositiveRate(labels, scores, {
        positiveClass,
        falsePositiveRate: rate,
      })
      const threshold = 2 * (m - alarms) - 1
      expect(point).toEqual({ threshold, recall: (alarms + 1) / m, falsePositiveRate: alarms / m })
    },
  )

  it('thresholdForFalsePositiveRate is Infinity where ties at the top are too many', () => {
    const point = thresholdForFalsePositiveRate([1, 0, 0, 0], [5, 5, 5, 1], {
      positiveClass,
      falsePositiveRate: 0.5,
    })
    expect(point).toEqual({ threshold: Number.POSITIVE_INFINITY, recall: 0, falsePositiveRate: 0 })
  })

  it('thresholdForFalsePositiveRate has a NaN recall without positives', () => {
    const point = thresholdForFalsePositiveRate([0, 0], [1, 2], {
      positiveClass,
      falsePositiveRate: 0.5,
    })
    expect(point).toEqual({ threshold: 2, recall: Number.NaN, falsePositiveRate: 0.5 })
  })

  it('thresholdForFalsePositiveRate rejects samples without negatives', () => {
    const of = () =>
      thresholdForFalsePositiveRate([1, 1], [1, 2], { positiveClass, falsePositiveRate: 0.5 })
    expect(of).toThrow(new RangeError(`${task} at least one negative, got none`))
  })

  it('thresholdForFalsePositiveRate rejects a rate that negatives of Infinity exceed at any threshold', () => {
    const [labels, scores] = [
      [0, 0, 1, 0],
      [Number.POSITIVE_INFINITY, 2, 1, Number.NEGATIVE_INFINITY],
    ]
    const of = (rate: number) =>
      thresholdForFalsePositiveRate(labels, scores, { positiveClass, falsePositiveRate: rate })
    const wanted = `a falsePositiveRate of at least ${1 / 3}, the share of negatives with a score of Infinity`
    expect(() => of(0.3)).toThrow(new RangeError(`${task} ${wanted}, got 0.3`))
    expect(of(1 / 3)).toEqual({
      threshold: Number.POSITIVE_INFINITY,
      recall: 0,
      falsePositiveRate: 1 / 3,
    })
    expect(of(0.7)).toEqual({ threshold: 1, recall: 1, falsePositiveRate: 2 / 3 })
  })

  it.each([1, -0.1, 1.1, Number.NaN])(
    'thresholdForFalsePositiveRate rejects a rate of %d',
    (falsePositiveRate) => {
      const of = () =>
        thresholdForFalsePositiveRate([0, 1], [0, 1], { positiveClass, falsePositiveRate })
      expect(of).toThrow(
        new RangeError(`${task} falsePositiveRate to be in [0, 1), got ${falsePositiveRate}`),
      )
    },
  )

  it('thresholdForFalsePositiveRate rejects options that are missing or unknown', () => {
    const of = (options: object) => () =>
      thresholdForFalsePositiveRate(
        [0, 1],
        [0, 1],
        options as { positiveClass: 1; falsePositiveRate: 0 },
      )
    expect(of({ positiveClass })).toThrow(
      new TypeError(`${task} falsePositiveRate to be in [0, 1), got undefined`),
    )
    const unknown = new TypeError(`${task} options among positiveClass, falsePositiveRate, got fpr`)
    expect(of({ positiveClass, falsePositiveRate: 0.5, fpr: 0.5 })).toThrow(unknown)
  })

  itRejectsBadScores('thresholdForFalsePositiveRate', (labels, scores, positive) =>
    thresholdForFalsePositiveRate(labels, scores, {
      positiveClass: positive,
      falsePositiveRate: 0.5,
    }),
  )
})
