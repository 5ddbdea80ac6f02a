import { expect, it } from 'vitest'
import type { NumberArray } from '../../src/types.js'

/** Tests that a metric rejects labels, values and positive classes that are none. */
export function itRejectsBadSamples(
  name: string,
  {
    values,
    measure,
  }: {
    values: string
    measure: (labels: NumberArray, values: NumberArray, positive: number) => unknown
  },
) {
  const cannot = `Cannot compute ${name}: expected`
  const throwing = (labels: unknown, given: unknown, positive: unknown) => {
    try {
      measure(labels as number[], given as number[], positive as number)
    } catch (error) {
      return error
    }
    throw new Error('nothing was thrown')
  }

  it(`${name} rejects arrays of different lengths`, () => {
    const message = `${cannot} as many ${values} as labels, got 2 for 3`
    expect(throwing([0, 1, 1], [0, 1], 1)).toEqual(new TypeError(message))
  })

  it(`${name} rejects what is no array`, () => {
    expect(throwing(undefined, [1], 1)).toEqual(
      new TypeError(`${cannot} an array of labels, got undefined`),
    )
    expect(throwing([1], null, 1)).toEqual(
      new TypeError(`${cannot} an array of ${values}, got null`),
    )
  })

  it(`${name} rejects an empty set`, () => {
    expect(throwing([], [], 1)).toEqual(new RangeError(`${cannot} at least one sample, got none`))
  })

  it(`${name} rejects labels that are no class index`, () => {
    for (const label of [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = new RangeError(`${cannot} label 1 to be a class index, got ${label}`)
      expect(throwing([0, label], [0, 1], 1)).toEqual(error)
    }
    expect(throwing([0, '1'], [0, 1], 1)).toEqual(
      new TypeError(`${cannot} label 1 to be a class index, got 1`),
    )
  })

  it(`${name} rejects a positiveClass that is no class index`, () => {
    const message = `${cannot} positiveClass to be a class index, got`
    expect(throwing([0, 1], [0, 1], 0.5)).toEqual(new RangeError(`${message} 0.5`))
    expect(throwing([0, 1], [0, 1], -1)).toEqual(new RangeError(`${message} -1`))
    expect(throwing([0, 1], [0, 1], undefined)).toEqual(new TypeError(`${message} undefined`))
  })
}

/** Tests that a metric of scores rejects those that are no number. */
export function itRejectsBadScores(
  name: string,
  measure: (labels: NumberArray, scores: NumberArray, positive: number) => unknown,
) {
  itRejectsBadSamples(name, { values: 'scores', measure })

  it(`${name} rejects scores that are NaN or no number`, () => {
    const message = `Cannot compute ${name}: expected score 1 to be a number, got`
    expect(() => measure([0, 1], [0, Number.NaN], 1)).toThrow(new RangeError(`${message} NaN`))
    expect(() => measure([0, 1], [0, undefined as unknown as number], 1)).toThrow(
      new TypeError(`${message} undefined`),
    )
  })
}
