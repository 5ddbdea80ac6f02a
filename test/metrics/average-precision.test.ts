import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePrecision } from '../../src/metrics/average-precision.js'
import golden from '../golden/roc.json'
import { itRejectsBadScores } from './bad-samples.js'
import { samples, samplesWithoutTies } from './samples.js'

const positiveClass = 1

describe('averagePrecision', () => {
  it.each(golden.cases)('averagePrecision agrees with scikit-learn: $name', (golden) => {
    const { labels, scores, positiveClass } = golden
    expect(
      Math.abs(averagePrecision(labels, scores, { positiveClass }) - golden.averagePrecision),
    ).toBeLessThan(1e-14)
    const typed = averagePrecision(Int32Array.from(labels), Float64Array.from(scores), {
      positiveClass,
    })
    expect(typed).toBe(averagePrecision(labels, scores, { positiveClass }))
  })

  it('averagePrecision is the sum of its definition, threshold by threshold', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const positives = labels.filter((label) => label === 1).length
        let [before, sum] = [0, 0]
        for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
          const predicted = labels.filter((_, i) => scores[i]! >= threshold)
          const found = predicted.filter((label) => label === 1).length
          sum += (found / positives - before) * (found / predicted.length)
          before = found / positives
        }
        expect(averagePrecision(labels, scores, { positiveClass })).toBeCloseTo(sum, 13)
      }),
    )
  })

  it('averagePrecision is the mean precision at the positives where nothing ties', () => {
    fc.assert(
      fc.property(samplesWithoutTies, ({ labels, scores }) => {
        const precisions = scores
          .filter((_, i) => labels[i] === 1)
          .map((score) => {
            const predicted = labels.filter((_, i) => scores[i]! >= score)
            return predicted.filter((label) => label === 1).length / predicted.length
          })
        const mean = precisions.reduce((sum, value) => sum + value, 0) / precisions.length
        expect(averagePrecision(labels, scores, { positiveClass })).toBeCloseTo(mean, 13)
      }),
    )
  })

  it('averagePrecision of equal scores is the share of positives', () => {
    expect(averagePrecision([1, 0, 0, 0], [2, 2, 2, 2], { positiveClass })).toBe(0.25)
  })

  it('averagePrecision takes infinite scores and treats -0 as 0', () => {
    const infinite = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect(averagePrecision([1, 0], infinite, { positiveClass })).toBe(1)
    expect(averagePrecision([0, 1], infinite, { positiveClass })).toBe(0.5)
    expect(averagePrecision([0, 1], [-0, 0], { positiveClass })).toBe(0.5)
    expect(averagePrecision([0, 1], [0, -0], { positiveClass })).toBe(0.5)
  })

  it('averagePrecision is NaN without positives and 1 without negatives', () => {
    expect(averagePrecision([0, 0], [1, 2], { positiveClass })).toBeNaN()
    expect(averagePrecision([1, 1], [1, 2], { positiveClass })).toBe(1)
  })

  it('averagePrecision rejects an option that does not exist', () => {
    const options = { positiveClass, average: 'macro' }
    const message =
      'Cannot compute averagePrecision: expected options among positiveClass, got average'
    expect(() => averagePrecision([0, 1], [0, 1], options)).toThrow(new TypeError(message))
  })

  itRejectsBadScores('averagePrecision', (labels, scores, positive) =>
    averagePrecision(labels, scores, { positiveClass: positive }),
  )
})
