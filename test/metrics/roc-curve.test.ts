import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucRoc } from '../../src/metrics/auc-roc.js'
import { confusion } from '../../src/metrics/confusion.js'
import { falsePositiveRate, recall } from '../../src/metrics/rates.js'
import { rocCurve } from '../../src/metrics/roc-curve.js'
import { itRejectsBadScores } from './bad-samples.js'
import { goldenCases } from './golden-cases.js'
import { samples } from './samples.js'

const positiveClass = 1

describe('rocCurve', () => {
  it.each(goldenCases)(
    'rocCurve agrees with scikit-learn: $name',
    ({ labels, scores, positiveClass, curve }) => {
      const { falsePositiveRates, truePositiveRates, thresholds } = rocCurve(labels, scores, {
        positiveClass,
      })
      expect([...falsePositiveRates]).toEqual(curve.fpr)
      expect([...truePositiveRates]).toEqual(curve.tpr)
      expect([...thresholds]).toEqual([Number.POSITIVE_INFINITY, ...curve.thresholds])
    },
  )

  it('rocCurve encloses the area that aucRoc gives', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const { falsePositiveRates: x, truePositiveRates: y } = rocCurve(labels, scores, {
          positiveClass,
        })
        let area = 0
        for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2
        expect(area).toBeCloseTo(aucRoc(labels, scores, { positiveClass }), 12)
      }),
    )
  })

  it('rocCurve holds the rates of the confusion at each of its thresholds', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const curve = rocCurve(labels, scores, { positiveClass })
        curve.thresholds.forEach((threshold, i) => {
          const counts = confusion(labels, scores, { positiveClass, threshold })
          expect(curve.truePositiveRates[i]).toBe(recall(counts))
          expect(curve.falsePositiveRates[i]).toBe(falsePositiveRate(counts))
        })
        expect(curve.thresholds.length).toBe(new Set(scores).size + 1)
      }),
    )
  })

  it('rocCurve has one point for a score of Infinity, after a point that no score reaches', () => {
    const scores = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const curve = rocCurve([1, 1, 0, 0], scores, { positiveClass })
    const [none, most, least] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect([...curve.thresholds]).toEqual([none, most, 0, least])
    expect([...curve.truePositiveRates]).toEqual([0, 0.5, 1, 1])
    expect([...curve.falsePositiveRates]).toEqual([0, 0.5, 0.5, 1])
  })

  it('rocCurve has NaN rates for a side that is empty', () => {
    const curve = rocCurve([0, 0], [1, 2], { positiveClass })
    expect([...curve.truePositiveRates]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect([...curve.falsePositiveRates]).toEqual([0, 0.5, 1])
    expect([...rocCurve([1], [1], { positiveClass }).falsePositiveRates]).toEqual([
      Number.NaN,
      Number.NaN,
    ])
  })

  it('rocCurve takes infinite scores', () => {
    const scores = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const { thresholds, truePositiveRates, falsePositiveRates } = rocCurve([1, 0], scores, {
      positiveClass,
    })
    expect([...thresholds]).toEqual([Number.NaN, ...scores])
    expect([...truePositiveRates]).toEqual([0, 1, 1])
    expect([...falsePositiveRates]).toEqual([0, 0, 1])
  })

  itRejectsBadScores('rocCurve', (labels, scores, positive) =>
    rocCurve(labels, scores, { positiveClass: positive }),
  )
})
