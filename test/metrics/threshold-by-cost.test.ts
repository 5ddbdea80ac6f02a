import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confusion } from '../../src/metrics/confusion.js'
import { falsePositiveRate, recall } from '../../src/metrics/rates.js'
import {
  type ThresholdByCostOptions,
  thresholdByCost,
} from '../../src/metrics/threshold-by-cost.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples } from './samples.js'

const positiveClass = 1
const equalCosts = { positiveClass, falseNegativeCost: 1, falsePositiveCost: 1 }
const wholeCosts = fc.record({
  falseNegativeCost: fc.integer({ min: 1, max: 9 }),
  falsePositiveCost: fc.integer({ min: 1, max: 9 }),
})

describe('thresholdByCost', () => {
  it.each(golden.cases)(
    'thresholdByCost agrees with scikit-learn: $name',
    ({ labels, scores, ...rest }) => {
      for (const { falseNegativeCost, falsePositiveCost, threshold, ...wanted } of rest.byCost) {
        const options = { positiveClass: rest.positiveClass, falseNegativeCost, falsePositiveCost }
        const { cost, ...point } = thresholdByCost(labels, scores, options)
        const { cost: wantedCost, ...rates } = wanted
        expect(point).toEqual({ threshold: threshold ?? Number.POSITIVE_INFINITY, ...rates })
        expect(Math.abs(cost - wantedCost)).toBeLessThan(1e-15)
      }
    },
  )

  it('thresholdByCost is the cheapest of all thresholds, and among equals has the fewest misses', () => {
    fc.assert(
      fc.property(samples, wholeCosts, ({ labels, scores }, costs) => {
        const rows = [...new Set(scores), Number.POSITIVE_INFINITY].map((threshold) => {
          const counts = confusion(labels, scores, { positiveClass, threshold })
          const { falseNegatives, falsePositives } = counts
          const total =
            costs.falseNegativeCost * falseNegatives + costs.falsePositiveCost * falsePositives
          return { threshold, counts, total, misses: falseNegatives }
        })
        const best = rows.sort((a, b) => a.total - b.total || a.misses - b.misses)[0]!
        const { cost, ...point } = thresholdByCost(labels, scores, { positiveClass, ...costs })
        expect(point).toEqual({
          threshold: best.threshold,
          recall: recall(best.counts),
          falsePositiveRate: falsePositiveRate(best.counts),
        })
        expect(cost).toBeCloseTo(best.total / labels.length, 14)
      }),
    )
  })

  it('thresholdByCost does not change with the unit of the costs, from the smallest to the largest', () => {
    fc.assert(
      fc.property(samples, wholeCosts, ({ labels, scores }, costs) => {
        const { threshold, cost } = thresholdByCost(labels, scores, { positiveClass, ...costs })
        for (const unit of [1e-300, 0.1, 1 / 3, 1e7, 1e307]) {
          const falseNegativeCost = costs.falseNegativeCost * unit
          const falsePositiveCost = costs.falsePositiveCost * unit
          const scaled = thresholdByCost(labels, scores, {
            positiveClass,
            falseNegativeCost,
            falsePositiveCost,
          })
          expect(scaled.threshold).toBe(threshold)
          expect(scaled.cost / unit).toBeCloseTo(cost, 13)
        }
      }),
    )
  })

  it('thresholdByCost takes costs for equal that differ by rounding only', () => {
    // One miss at 4, three false alarms at 1: 0.3 against 0.1 + 0.1 + 0.1.
    const options = { positiveClass, falseNegativeCost: 0.3, falsePositiveCost: 0.1 }
    expect(thresholdByCost([1, 0, 0, 0, 1], [4, 3, 2, 1.5, 1], options).threshold).toBe(1)
  })

  it('thresholdByCost is Infinity where predicting nothing is cheapest, and the lowest score where misses are dear', () => {
    const [labels, scores] = [
      [1, 0, 0, 0],
      [1, 2, 3, 4],
    ]
    expect(thresholdByCost(labels, scores, equalCosts)).toEqual({
      threshold: Number.POSITIVE_INFINITY,
      recall: 0,
      falsePositiveRate: 0,
      cost: 0.25,
    })
    expect(thresholdByCost(labels, scores, { ...equalCosts, falseNegativeCost: 3 }).threshold).toBe(
      1,
    ) // a tie
    expect(thresholdByCost(labels, scores, { ...equalCosts, falseNegativeCost: 2.9 }).recall).toBe(
      0,
    )
  })

  it('thresholdByCost counts scores of Infinity as predicted positive at any threshold', () => {
    const scores = [Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY]
    expect(thresholdByCost([0, 0, 1], scores, { ...equalCosts, falsePositiveCost: 2 })).toEqual({
      threshold: Number.POSITIVE_INFINITY,
      recall: 0,
      falsePositiveRate: 0.5,
      cost: 3 / 3,
    })
  })

  it.each([
    [[0, 0], '0 and 2'],
    [[1, 1], '2 and 0'],
  ])('thresholdByCost rejects samples of one side: %o', (labels, got) => {
    const message = `Cannot compute thresholdByCost: expected positives and negatives, got ${got}`
    expect(() => thresholdByCost(labels, [1, 2], equalCosts)).toThrow(new RangeError(message))
  })

  it.each(['falseNegativeCost', 'falsePositiveCost'])(
    'thresholdByCost rejects a %s that is no cost',
    (name) => {
      const message = `Cannot compute thresholdByCost: expected ${name} to be a finite number above 0, got`
      const of = (value: unknown) => () =>
        thresholdByCost([0, 1], [0, 1], { ...equalCosts, [name]: value } as ThresholdByCostOptions)
      for (const cost of [0, -1, Number.POSITIVE_INFINITY, Number.NaN]) {
        expect(of(cost)).toThrow(new RangeError(`${message} ${cost}`))
      }
      expect(of(undefined)).toThrow(new TypeError(`${message} undefined`))
    },
  )

  it('thresholdByCost rejects an option that does not exist', () => {
    const known = 'positiveClass, falseNegativeCost, falsePositiveCost'
    const message = `Cannot compute thresholdByCost: expected options among ${known}, got cost`
    const of = () =>
      thresholdByCost([0, 1], [0, 1], { ...equalCosts, cost: 1 } as ThresholdByCostOptions)
    expect(of).toThrow(new TypeError(message))
  })

  itRejectsBadScores('thresholdByCost', (labels, scores, positive) =>
    thresholdByCost(labels, scores, { ...equalCosts, positiveClass: positive }),
  )
})
