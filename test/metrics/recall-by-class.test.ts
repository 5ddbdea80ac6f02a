import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf } from '../../src/internal/binomial.js'
import { clopperPearson } from '../../src/metrics/clopper-pearson.js'
import { confusionOfClasses } from '../../src/metrics/confusion.js'
import { mcnemar } from '../../src/metrics/mcnemar.js'
import { falseNegativeRate } from '../../src/metrics/rates.js'
import { recallByClass } from '../../src/metrics/recall-by-class.js'
import { itRejectsBadPredictions } from './bad-predictions.js'

const sample = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }))
const sampleLists = fc.array(sample, { minLength: 1, maxLength: 60 })

describe('recallByClass', () => {
  it('recallByClass tells each class of the dense and of the pruned model', () => {
    const labels = Int32Array.of(0, 0, 0, 0, 2, 2)
    const [first, second, third] = recallByClass(labels, [0, 0, 1, 0, 2, 0], [0, 1, 0, 1, 2, 2], {
      confidence: 0.9,
    })
    expect(first).toMatchObject({
      class: 0,
      samples: 4,
      difference: -0.25,
      lost: 2,
      regained: 1,
      pValue: mcnemar(2, 1),
    })
    expect(first!.dense).toEqual({
      found: 3,
      recall: 0.75,
      interval: clopperPearson(3, 4, { confidence: 0.9 }),
    })
    expect(first!.pruned).toEqual({
      found: 2,
      recall: 0.5,
      interval: clopperPearson(2, 4, { confidence: 0.9 }),
    })
    expect(third).toMatchObject({ class: 2, samples: 2, difference: 0.5, lost: 0, regained: 1 })
    const nothing = { lower: Number.NaN, upper: Number.NaN }
    expect(second).toMatchObject({
      class: 1,
      samples: 0,
      difference: Number.NaN,
      differenceInterval: nothing,
    })
    expect(second).toMatchObject({
      pValue: Number.NaN,
      dense: { found: 0, recall: Number.NaN, interval: nothing },
    })
  })

  it('recallByClass and FNR sum to 1, and its parts fit together', () => {
    fc.assert(
      fc.property(sampleLists, (list) => {
        const [labels, dense, pruned] = [0, 1, 2].map((column) =>
          list.map((row) => row[column as 0 | 1 | 2]),
        )
        const entries = recallByClass(labels!, dense!, pruned!, { classes: 4 })
        expect(entries.map((entry) => entry.class)).toEqual([0, 1, 2, 3])
        expect(entries.reduce((sum, { samples }) => sum + samples, 0)).toBe(list.length)
        for (const entry of entries) {
          if (entry.samples === 0) continue
          const counts = confusionOfClasses(labels!, pruned!, { positiveClass: entry.class })
          expect(entry.pruned.recall + falseNegativeRate(counts)).toBeCloseTo(1, 12)
          expect(entry.pruned.found - entry.dense.found).toBe(entry.regained - entry.lost)
          expect(entry.difference).toBeCloseTo(entry.pruned.recall - entry.dense.recall, 12)
          expect(entry.differenceInterval.lower).toBeLessThanOrEqual(entry.difference)
          expect(entry.differenceInterval.upper).toBeGreaterThanOrEqual(entry.difference)
        }
      }),
    )
  })

  it('recallByClass holds the true difference at least as often as it says, by enumeration', () => {
    const n = 8
    const mass = (k: number, of: number, p: number) =>
      binomialCdf(k, of, p) - binomialCdf(k - 1, of, p)
    for (const [lostShare, regainedShare] of [
      [0.3, 0.1],
      [0.05, 0.5],
      [0.2, 0.2],
      [0.6, 0.35],
    ] as const) {
      let covered = 0
      for (let lost = 0; lost <= n; lost++) {
        for (let regained = 0; lost + regained <= n; regained++) {
          const dense = Array.from({ length: n }, (_, i) => (i < n - regained ? 0 : 1))
          const pruned = Array.from({ length: n }, (_, i) => (i < lost ? 1 : 0))
          const [entry] = recallByClass(new Uint8Array(n), dense, pruned, { confidence: 0.9 })
          const { lower, upper } = entry!.differenceInterval
          const truth = regainedShare - lostShare
          const probability =
            mass(lost, n, lostShare) * mass(regained, n - lost, regainedShare / (1 - lostShare))
          if (lower <= truth && truth <= upper) covered += probability
        }
      }
      expect(covered).toBeGreaterThanOrEqual(0.9)
      expect(covered).toBeLessThan(1)
    }
  })

  it('recallByClass rejects classes outside the given number, a bad number and a bad confidence', () => {
    const cannot = 'Cannot compute recallByClass: expected'
    const label = new RangeError(`${cannot} label 1 to be below the 2 classes, got 2`)
    expect(() => recallByClass([0, 2], [0, 1], [0, 1], { classes: 2 })).toThrow(label)
    const prediction = new RangeError(
      `${cannot} pruned prediction 0 to be below the 2 classes, got 3`,
    )
    expect(() => recallByClass([0, 1], [0, 1], [3, 1], { classes: 2 })).toThrow(prediction)
    const number = new RangeError(`${cannot} classes to be a whole number from 1 to 1048576, got 0`)
    expect(() => recallByClass([0], [0], [0], { classes: 0 })).toThrow(number)
    const confidence = new RangeError(`${cannot} confidence to be between 0 and 1, got 1`)
    expect(() => recallByClass([0], [0], [0], { confidence: 1 })).toThrow(confidence)
  })

  itRejectsBadPredictions('recallByClass', ['dense', 'pruned'], (labels, dense, pruned) =>
    recallByClass(labels, dense, pruned),
  )
})
