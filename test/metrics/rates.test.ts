import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accuracy,
  falseNegativeRate,
  falsePositiveRate,
  precision,
  recall,
} from '../../src/metrics/rates.js'
import { refusalOf } from '../support/refusal-of.js'
import { goldenCases } from './golden-cases.js'

const count = fc.integer({ min: 1, max: 1000 })
const confusions = fc.record({
  truePositives: count,
  falseNegatives: count,
  falsePositives: count,
  trueNegatives: count,
})
const nothing = { truePositives: 0, falseNegatives: 0, falsePositives: 0, trueNegatives: 0 }

describe('rates', () => {
  it.each(goldenCases)(
    'recall, precision and accuracy agree with scikit-learn: $name',
    (golden) => {
      expect(recall(golden.confusion)).toBeCloseTo(golden.recall, 14)
      expect(precision(golden.confusion)).toEqual(golden.precision ?? Number.NaN)
      expect(accuracy(golden.confusion)).toBeCloseTo(golden.accuracy, 14)
    },
  )

  it('falseNegativeRate and recall sum to 1', () => {
    fc.assert(
      fc.property(confusions, (counts) => {
        expect(falseNegativeRate(counts) + recall(counts)).toBeCloseTo(1, 12)
      }),
    )
  })

  it('accuracy is pi (1 - FNR) + (1 - pi) (1 - FPR)', () => {
    fc.assert(
      fc.property(confusions, (counts) => {
        const { truePositives, falseNegatives, falsePositives, trueNegatives } = counts
        const positives = truePositives + falseNegatives
        const pi = positives / (positives + falsePositives + trueNegatives)
        const sum =
          pi * (1 - falseNegativeRate(counts)) + (1 - pi) * (1 - falsePositiveRate(counts))
        expect(accuracy(counts)).toBeCloseTo(sum, 12)
      }),
    )
  })

  it('falsePositiveRate is the share of negatives predicted positive', () => {
    expect(falsePositiveRate({ ...nothing, falsePositives: 1, trueNegatives: 3 })).toBe(0.25)
  })

  it('falseNegativeRate and recall are NaN without positives', () => {
    const counts = { ...nothing, falsePositives: 1, trueNegatives: 2 }
    expect([falseNegativeRate(counts), recall(counts)]).toEqual([Number.NaN, Number.NaN])
  })

  it('falsePositiveRate is NaN without negatives', () => {
    expect(falsePositiveRate({ ...nothing, truePositives: 1, falseNegatives: 1 })).toBeNaN()
  })

  it('precision is NaN where nothing is predicted positive, accuracy without samples', () => {
    expect(precision({ ...nothing, falseNegatives: 1, trueNegatives: 1 })).toBeNaN()
    expect(accuracy(nothing)).toBeNaN()
  })

  it.each([
    [falseNegativeRate, 'falseNegatives', 'truePositives'],
    [falsePositiveRate, 'falsePositives', 'trueNegatives'],
    [recall, 'truePositives', 'falseNegatives'],
    [precision, 'truePositives', 'falsePositives'],
    [accuracy, 'truePositives', 'falseNegatives'],
  ] as const)('%o refuses what has no counts', (rate, first, second) => {
    const cannot = `TypeError: Cannot compute ${rate.name}: expected a number as`
    for (const [wrong, got] of [
      [null, 'null'],
      [undefined, 'undefined'],
      [{}, 'undefined'],
      [{ ...nothing, [first]: '1' }, '"1"'],
    ] as const)
      expect(refusalOf(() => rate(wrong as never))).toBe(`${cannot} ${first}, got ${got}`)
    const { [second]: _, ...rest } = nothing
    expect(refusalOf(() => rate(rest as never))).toBe(`${cannot} ${second}, got undefined`)
  })
})
