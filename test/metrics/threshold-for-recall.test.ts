import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confusion } from '../../src/metrics/confusion.js'
import { falsePositiveRate, recall as recallOf } from '../../src/metrics/rates.js'
import { thresholdForRecall } from '../../src/metrics/threshold-for-recall.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples } from './samples.js'

const positiveClass = 1
const recalls = fc.integer({ min: 1, max: 1000 }).map((thousandths) => thousandths / 1000)

/** The positives score 1 ... n, between as many negatives. */
const ladder = (n: number) => ({
  labels: Array.from({ length: 2 * n }, (_, i) => i % 2),
  scores: Array.from({ length: 2 * n }, (_, i) => (i + 1) / 2),
})

describe('thresholdForRecall', () => {
  it.each(golden.cases)('thresholdForRecall agrees with scikit-learn: $name', (golden) => {
    const { labels, scores, positiveClass, forRecall } = golden
    for (const { wanted, ...point } of forRecall) {
      expect(thresholdForRecall(labels, scores, { positiveClass, recall: wanted })).toEqual(point)
    }
  })

  it('thresholdForRecall reaches the recall, and the next higher score does not', () => {
    fc.assert(
      fc.property(samples, recalls, ({ labels, scores }, wanted) => {
        const point = thresholdForRecall(labels, scores, { positiveClass, recall: wanted })
        const at = (threshold: number) => confusion(labels, scores, { positiveClass, threshold })
        expect(point.recall).toBe(recallOf(at(point.threshold)))
        expect(point.falsePositiveRate).toBe(falsePositiveRate(at(point.threshold)))
        expect(point.recall).toBeGreaterThanOrEqual(wanted)
        const higher = Math.min(...scores.filter((score) => score > point.threshold))
        expect(recallOf(at(higher))).toBeLessThan(wanted)
      }),
    )
  })

  it.each([
    [0.9, 10, 9],
    [0.7, 10, 7],
    [0.29, 100, 29],
    [0.57, 100, 57],
    [0.07, 100, 7],
    [0.55, 100, 55],
    [1, 10, 10],
    [1e-9, 10, 1],
  ])('thresholdForRecall of %d takes the exact count of %d positives: %d', (recall, n, found) => {
    const { labels, scores } = ladder(n)
    const point = thresholdForRecall(labels, scores, { positiveClass, recall })
    expect(point).toEqual({
      threshold: n + 1 - found,
      recall: found / n,
      falsePositiveRate: (found - 1) / n,
    })
  })

  it('thresholdForRecall takes infinite scores and samples without negatives', () => {
    const scores = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect(thresholdForRecall([1, 1], scores, { positiveClass, recall: 0.5 })).toEqual({
      threshold: Number.POSITIVE_INFINITY,
      recall: 0.5,
      falsePositiveRate: Number.NaN,
    })
    const all = thresholdForRecall([1, 1], scores, { positiveClass, recall: 0.6 })
    expect(all.threshold).toBe(Number.NEGATIVE_INFINITY)
  })

  it('thresholdForRecall rejects samples without positives', () => {
    const message = 'Cannot compute thresholdForRecall: expected at least one positive, got none'
    expect(() => thresholdForRecall([0, 0], [1, 2], { positiveClass, recall: 0.5 })).toThrow(
      new RangeError(message),
    )
  })

  it.each([0, -0.1, 1.1, Number.NaN])('thresholdForRecall rejects a recall of %d', (recall) => {
    const message = `Cannot compute thresholdForRecall: expected recall to be in (0, 1], got ${recall}`
    expect(() => thresholdForRecall([0, 1], [0, 1], { positiveClass, recall })).toThrow(
      new RangeError(message),
    )
  })

  it('thresholdForRecall rejects options that are missing or unknown', () => {
    const of = (options: unknown) => () =>
      thresholdForRecall([0, 1], [0, 1], options as { positiveClass: 1; recall: 1 })
    const cannot = 'Cannot compute thresholdForRecall: expected'
    expect(of({ positiveClass })).toThrow(
      new TypeError(`${cannot} recall to be in (0, 1], got undefined`),
    )
    const unknown = new TypeError(`${cannot} options among positiveClass, recall, got tpr`)
    expect(of({ positiveClass, recall: 0.5, tpr: 0.5 })).toThrow(unknown)
    const none = `${cannot} an object of options with positiveClass and recall, got undefined`
    expect(of(undefined)).toThrow(new TypeError(none))
  })

  itRejectsBadScores('thresholdForRecall', (labels, scores, positive) =>
    thresholdForRecall(labels, scores, { positiveClass: positive, recall: 0.5 }),
  )
})
