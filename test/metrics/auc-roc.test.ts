import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucRoc } from '../../src/metrics/auc-roc.js'
import { itRejectsBadScores } from './bad-samples.js'
import { goldenCases } from './golden-cases.js'
import { samples, samplesWithoutTies } from './samples.js'

const positiveClass = 1

describe('aucRoc', () => {
  it.each(goldenCases)(
    'aucRoc agrees with scikit-learn: $name',
    ({ labels, scores, positiveClass, auc }) => {
      expect(aucRoc(labels, scores, { positiveClass })).toBeCloseTo(auc, 14)
      expect(
        aucRoc(Int32Array.from(labels), Float64Array.from(scores), { positiveClass }),
      ).toBeCloseTo(auc, 14)
    },
  )

  it('aucRoc is the share of ordered pairs, ties counting half', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        let [won, pairs] = [0, 0]
        for (const [i, up] of labels.entries()) {
          for (const [j, down] of labels.entries()) {
            if (up !== 1 || down !== 0) continue
            pairs++
            won += scores[i]! > scores[j]! ? 1 : scores[i]! === scores[j]! ? 0.5 : 0
          }
        }
        expect(aucRoc(labels, scores, { positiveClass })).toBe(won / pairs)
      }),
    )
  })

  it('aucRoc does not change under a strictly increasing map', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const mapped = scores.map((score) => Math.exp(score) - 7)
        expect(aucRoc(labels, mapped, { positiveClass })).toBe(
          aucRoc(labels, scores, { positiveClass }),
        )
      }),
    )
  })

  it('aucRoc of 1 - s is 1 - AUC', () => {
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const mirrored = scores.map((score) => 1 - score)
        const auc = aucRoc(labels, scores, { positiveClass })
        expect(aucRoc(labels, mirrored, { positiveClass })).toBeCloseTo(1 - auc, 12)
        expect(aucRoc(labels, mirrored, { positiveClass: 0 })).toBeCloseTo(auc, 12)
      }),
    )
  })

  it('aucRoc is what the hinge of the joint ranks leaves: sum [-y (r - theta)]_+ = n+ n- (1 - AUC)', () => {
    fc.assert(
      fc.property(samplesWithoutTies, ({ labels, scores }) => {
        const ranks = scores.map((score) => scores.filter((other) => other <= score).length)
        const positives = labels.filter((label) => label === 1).length
        const negatives = labels.length - positives
        const theta = negatives + 0.5
        const left = labels.reduce(
          (sum, label, i) => sum + Math.max(0, (label === 1 ? -1 : 1) * (ranks[i]! - theta)),
          0,
        )
        expect(left).toBeCloseTo(
          positives * negatives * (1 - aucRoc(labels, scores, { positiveClass })),
          9,
        )
      }),
    )
  })

  it('aucRoc takes infinite scores and treats -0 as 0', () => {
    const infinite = [Number.NEGATIVE_INFINITY, 0, 0, Number.POSITIVE_INFINITY]
    expect(aucRoc([0, 0, 1, 1], infinite, { positiveClass })).toBe(3.5 / 4)
    expect(aucRoc([0, 1], [-0, 0], { positiveClass })).toBe(0.5)
    expect(aucRoc([0, 1], [0, -0], { positiveClass })).toBe(0.5)
  })

  it('aucRoc is NaN without positives or without negatives', () => {
    expect(aucRoc([0, 0], [1, 2], { positiveClass })).toBeNaN()
    expect(aucRoc([1, 1], [1, 2], { positiveClass })).toBeNaN()
  })

  it('aucRoc leaves its arguments as they are', () => {
    const [labels, scores] = [Int32Array.of(1, 0, 1), Float64Array.of(3, 2, 1)]
    aucRoc(labels, scores, { positiveClass })
    expect([...labels, ...scores]).toEqual([1, 0, 1, 3, 2, 1])
  })

  it('aucRoc takes a million scores', () => {
    const scores = Float64Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 1e6) // each of 0 ... 999,999 once
    const labels = Uint8Array.from(scores, (score) => +(score % 5 === 0)) // the k-th positive beats 4 k negatives
    expect(aucRoc(labels, scores, { positiveClass })).toBe(
      (4 * ((2e5 * (2e5 - 1)) / 2)) / (2e5 * 8e5),
    )
  })

  itRejectsBadScores('aucRoc', (labels, scores, positive) =>
    aucRoc(labels, scores, { positiveClass: positive }),
  )
})
