import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePrecision } from '../../src/metrics/average-precision.js'
import { confusion } from '../../src/metrics/confusion.js'
import { precisionRecallCurve } from '../../src/metrics/precision-recall-curve.js'
import { precision, recall } from '../../src/metrics/rates.js'
import { rocCurve } from '../../src/metrics/roc-curve.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples } from './samples.js'

const positiveClass = 1

describe('precisionRecallCurve', () => {
  it.each(golden.cases)(
    'precisionRecallCurve agrees with scikit-learn: $name',
    ({ labels, scores, ...rest }) => {
      const { positiveClass, curve } = rest
      const { precisions, recalls, thresholds } = precisionRecallCurve(labels, scores, {
        positiveClass,
      })
      expect([...precisions]).toEqual(curve.precisions)
      expect([...recalls]).toEqual(curve.recalls)
      expect([...thresholds]).toEqual([Number.POSITIVE_INFINITY, ...curve.thresholds])
    },
  )

  it('precisionRecallCurve holds the rates of the confusion at each threshold of rocCurve', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const curve = precisionRecallCurve(labels, scores, { positiveClass })
        const roc = rocCurve(labels, scores, { positiveClass })
        expect(curve.thresholds).toEqual(roc.thresholds)
        expect(curve.recalls).toEqual(roc.truePositiveRates)
        curve.thresholds.forEach((threshold, i) => {
          const counts = confusion(labels, scores, { positiveClass, threshold })
          expect(curve.recalls[i]).toBe(recall(counts))
          expect(curve.precisions[i]).toBe(i === 0 ? 1 : precision(counts))
        })
      }),
    )
  })

  it('precisionRecallCurve has the steps that averagePrecision sums', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const { precisions, recalls } = precisionRecallCurve(labels, scores, { positiveClass })
        const sum = recalls.reduce(
          (sum, value, i) => sum + (i > 0 ? (value - recalls[i - 1]!) * precisions[i]! : 0),
          0,
        )
        expect(averagePrecision(labels, scores, { positiveClass })).toBeCloseTo(sum, 13)
      }),
    )
  })

  it('precisionRecallCurve has NaN recalls without positives and precisions of 1 without negatives', () => {
    const none = precisionRecallCurve([0, 0], [1, 2], { positiveClass })
    expect([...none.recalls]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect([...none.precisions]).toEqual([1, 0, 0])
    expect([...precisionRecallCurve([1, 1], [1, 2], { positiveClass }).precisions]).toEqual([
      1, 1, 1,
    ])
  })

  it('precisionRecallCurve takes infinite scores', () => {
    const scores = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const { thresholds, recalls, precisions } = precisionRecallCurve([1, 0], scores, {
      positiveClass,
    })
    expect([...thresholds]).toEqual([Number.POSITIVE_INFINITY, ...scores])
    expect([...recalls]).toEqual([0, 1, 1])
    expect([...precisions]).toEqual([1, 1, 0.5])
  })

  it('precisionRecallCurve rejects an option that does not exist', () => {
    const options = { positiveClass, threshold: 1 }
    const message =
      'Cannot compute precisionRecallCurve: expected options among positiveClass, got threshold'
    expect(() => precisionRecallCurve([0, 1], [0, 1], options)).toThrow(new TypeError(message))
  })

  itRejectsBadScores('precisionRecallCurve', (labels, scores, positive) =>
    precisionRecallCurve(labels, scores, { positiveClass: positive }),
  )
})
