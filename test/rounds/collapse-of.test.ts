import { describe, expect, it } from 'vitest'
import { collapseOf } from '../../src/rounds/collapse-of.js'
import { recallsOf } from '../../src/rounds/recalls-of.js'

const of = (labels: readonly number[], predictions: readonly number[], auc = 0.9) => ({
  labels: Int32Array.from(labels),
  predictions: Int32Array.from(predictions),
  auc,
})

describe('collapseOf', () => {
  it('collapseOf names the classes that a network never says', () => {
    expect(collapseOf(of([0, 1, 0], [0, 0, 0]))).toBe('it calls every sample class 0')
    expect(collapseOf(of([0, 1, 2], [0, 1, 1]))).toBe('it calls no sample class 2')
    expect(collapseOf(of([2, 1, 0, 3], [0, 3, 0, 3]))).toBe('it calls no sample class 1, 2')
    const many = Array.from({ length: 9 }, (_, i) => i)
    expect(
      collapseOf(
        of(
          many,
          many.map((one) => one % 2),
        ),
      ),
    ).toBe('it calls no sample class 2, 3, 4, 5, 6 and 2 more')
  })

  it('collapseOf looks at the classes that there are', () => {
    expect(collapseOf(of([1, 1], [1, 1]))).toBeUndefined()
    expect(collapseOf(of([0, 1, 2], [2, 0, 1]))).toBeUndefined()
    expect(collapseOf(of([], []))).toBeUndefined()
  })

  it('collapseOf tells an area of one half or below', () => {
    expect(collapseOf({ auc: 0.5 })).toBe('its AUC is 0.5')
    expect(collapseOf({ auc: 0.43219 })).toBe('its AUC is 0.432, below 0.5')
    for (const auc of [0.501, 1, Number.NaN]) expect(collapseOf({ auc })).toBeUndefined()
    expect(collapseOf({})).toBeUndefined()
  })
})

describe('recallsOf', () => {
  it('recallsOf counts each class with samples, and names the first of the worst', () => {
    const { recalls, worstClass } = recallsOf(of([3, 0, 0, 1, 1, 0], [3, 0, 1, 1, 0, 0]))
    expect(recalls).toEqual([
      { class: 0, samples: 3, recall: 2 / 3 },
      { class: 1, samples: 2, recall: 0.5 },
      { class: 3, samples: 1, recall: 1 },
    ])
    expect(worstClass).toEqual({ class: 1, samples: 2, recall: 0.5 })
    expect(recallsOf(of([1, 0], [0, 1])).worstClass?.class).toBe(0)
  })

  it('recallsOf tells nothing without labels and predictions', () => {
    expect(recallsOf({})).toEqual({})
    expect(recallsOf(of([], []))).toEqual({})
    expect(recallsOf(of([1, 0], [1]))).toEqual({})
  })
})
