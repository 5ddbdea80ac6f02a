import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confusionOfClasses } from '../../src/metrics/confusion.js'
import { lostPositives } from '../../src/metrics/lost-positives.js'
import { itRejectsBadPredictions } from './bad-predictions.js'

const sample = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }))
const positiveClass = 2

describe('lostPositives', () => {
  it('lostPositives lists the positives that changed, and no other sample', () => {
    const labels = Int32Array.of(2, 2, 0, 2, 2, 1, 2)
    const found = lostPositives(labels, [2, 2, 2, 0, 1, 2, 2], [0, 2, 0, 2, 0, 1, 1], {
      positiveClass,
    })
    expect(found).toEqual({
      lost: Int32Array.of(0, 6),
      regained: Int32Array.of(3),
      missedByBoth: Int32Array.of(4),
      positives: 5,
    })
  })

  it('lostPositives explains the change of the misses: FN(pruned) - FN(dense) = lost - regained', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 50 }), (list) => {
        const labels = list.map(([label]) => label)
        const [dense, pruned] = [list.map((row) => row[1]), list.map((row) => row[2])]
        const { lost, regained, missedByBoth, positives } = lostPositives(labels, dense, pruned, {
          positiveClass,
        })
        const before = confusionOfClasses(labels, dense, { positiveClass })
        const after = confusionOfClasses(labels, pruned, { positiveClass })
        expect(lost.length + missedByBoth.length).toBe(after.falseNegatives)
        expect(regained.length + missedByBoth.length).toBe(before.falseNegatives)
        expect(positives).toBe(before.truePositives + before.falseNegatives)
        const swapped = lostPositives(labels, pruned, dense, { positiveClass })
        expect([swapped.lost, swapped.regained]).toEqual([regained, lost])
      }),
    )
  })

  it('lostPositives without positives lists none', () => {
    expect(lostPositives([0, 1], [2, 2], [0, 0], { positiveClass })).toMatchObject({
      positives: 0,
      lost: new Int32Array(),
    })
  })

  it('lostPositives rejects a positiveClass that is no class index', () => {
    const message =
      'Cannot compute lostPositives: expected positiveClass to be a class index, got -1'
    expect(() => lostPositives([0], [0], [0], { positiveClass: -1 })).toThrow(
      new RangeError(message),
    )
  })

  itRejectsBadPredictions('lostPositives', ['dense', 'pruned'], (labels, dense, pruned) =>
    lostPositives(labels, dense, pruned, { positiveClass: 1 }),
  )
})
