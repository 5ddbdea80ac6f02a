import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collapsedClasses } from '../../src/metrics/collapsed-classes.js'
import { recallByClass } from '../../src/metrics/recall-by-class.js'

describe('collapsedClasses', () => {
  it('collapsedClasses lists classes that are never predicted, or never rightly', () => {
    const labels = Int32Array.of(0, 0, 1, 1, 1, 3, 4)
    expect(collapsedClasses(labels, [0, 1, 0, 0, 0, 0, 4], { classes: 6 })).toEqual([
      { class: 1, samples: 3, predicted: 1 },
      { class: 3, samples: 1, predicted: 0 },
    ])
    expect(collapsedClasses([0, 1, 2], [0, 1, 2])).toEqual([])
    expect(collapsedClasses([0, 1], [5, 1])).toEqual([{ class: 0, samples: 1, predicted: 0 }])
  })

  it('collapsedClasses are the classes of recall 0', () => {
    const sample = fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 }))
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 20 }), (list) => {
        const [labels, predictions] = [
          list.map(([label]) => label),
          list.map(([, prediction]) => prediction),
        ]
        const zero = recallByClass(labels, predictions, predictions).filter(
          ({ pruned }) => pruned.recall === 0,
        )
        const collapsed = collapsedClasses(labels, predictions)
        expect(collapsed.map((entry) => entry.class)).toEqual(zero.map((entry) => entry.class))
        expect(collapsed.map((entry) => entry.samples)).toEqual(zero.map((entry) => entry.samples))
      }),
    )
  })

  it('collapsedClasses rejects lists that do not fit, and classes outside the given number', () => {
    const cannot = 'Cannot compute collapsedClasses: expected'
    const unlike = new TypeError(`${cannot} as many model predictions as labels, got 1 for 2`)
    expect(() => collapsedClasses([0, 1], [0])).toThrow(unlike)
    expect(() => collapsedClasses([], [])).toThrow(
      new RangeError(`${cannot} at least one sample, got none`),
    )
    const label = new RangeError(`${cannot} label 0 to be a class index, got NaN`)
    expect(() => collapsedClasses([Number.NaN], [0])).toThrow(label)
    const outside = new RangeError(`${cannot} label 1 to be below the 2 classes, got 2`)
    expect(() => collapsedClasses([0, 2], [0, 1], { classes: 2 })).toThrow(outside)
    const number = new RangeError(
      `${cannot} classes to be a whole number from 1 to 1048576, got 1.5`,
    )
    expect(() => collapsedClasses([0], [0], { classes: 1.5 })).toThrow(number)
  })
})
