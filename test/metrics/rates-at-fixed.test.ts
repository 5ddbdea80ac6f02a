import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { falseNegativeRateAt } from '../../src/metrics/false-negative-rate-at.js'
import { type RatesAtFixedOptions, ratesAtFixed } from '../../src/metrics/rates-at-fixed.js'
import { thresholdForFalsePositiveRate } from '../../src/metrics/threshold-for-false-positive-rate.js'
import { samples } from './samples.js'

const positiveClass = 1
const rates = fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000)
const task = 'Cannot compute ratesAtFixed'
const good = { labels: [1, 0, 1, 0], scores: [4, 3, 2, 1] }
const at = (options: object) => () =>
  ratesAtFixed({
    ...{ validation: good, test: good, positiveClass, falsePositiveRate: 0.5 },
    ...options,
  } as RatesAtFixedOptions)

describe('ratesAtFixed', () => {
  it('ratesAtFixed tells the curve of the test samples, and counts them at the threshold of validation', () => {
    fc.assert(
      fc.property(samples, samples, rates, (validation, test, falsePositiveRate) => {
        const options = { positiveClass, falsePositiveRate }
        const found = ratesAtFixed({ validation, test, ...options })
        const { labels, scores } = test
        expect(found.falsePositiveRate).toBe(falsePositiveRate)
        expect(found.curve).toBe(falseNegativeRateAt(labels, scores, options))
        const { moved } = found
        const chosen = thresholdForFalsePositiveRate(validation.labels, validation.scores, options)
        expect(moved.threshold).toBe(chosen.threshold)
        const missed = (label: number) => {
          const own = scores.filter((_, i) => labels[i] === label)
          return own.filter((score) => score < moved.threshold).length / own.length
        }
        expect(moved.falseNegativeRate).toBeCloseTo(missed(1), 12)
        expect(moved.falsePositiveRate).toBeCloseTo(1 - missed(0), 12)
      }),
    )
  })

  it('ratesAtFixed tells the curve once: it does not hang on the validation samples, the rest does', () => {
    const shifted = { labels: good.labels, scores: good.scores.map((score) => score + 10) }
    const [same, other] = [at({})(), at({ validation: shifted })()]
    expect(other.curve).toBe(same.curve)
    expect(same.moved).toEqual({ threshold: 2, falseNegativeRate: 0, falsePositiveRate: 0.5 })
    expect(other.moved).toEqual({ threshold: 12, falseNegativeRate: 1, falsePositiveRate: 0 })
  })

  it('ratesAtFixed is NaN on the side that the test samples lack', () => {
    const positives = at({ test: { labels: [1, 1], scores: [5, 1] } })()
    expect(positives.curve).toBeNaN()
    expect(positives.moved.falsePositiveRate).toBeNaN()
    expect(positives.moved.falseNegativeRate).toBe(0.5)
    const negatives = at({ test: { labels: [0, 0], scores: [5, 1] } })()
    expect(negatives.curve).toBeNaN()
    expect(negatives.moved.falseNegativeRate).toBeNaN()
    expect(negatives.moved.falsePositiveRate).toBe(0.5)
  })

  it('ratesAtFixed predicts nothing positive where a tie on top is too wide for the rate', () => {
    const tied = { labels: [1, 0, 0, 0], scores: [2, 2, 2, 1] }
    const { moved } = at({ validation: tied, falsePositiveRate: 0.5 })()
    const all = { falseNegativeRate: 1, falsePositiveRate: 0 }
    expect(moved).toEqual({ threshold: Number.POSITIVE_INFINITY, ...all })
  })

  it.each(['validation', 'test'])('ratesAtFixed names the set with bad samples: %s', (set) => {
    const cannot = `${task} on ${set}: expected`
    const refused = (bad: object, error: Error) => expect(at({ [set]: bad })).toThrow(error)
    refused({ labels: [], scores: [] }, new RangeError(`${cannot} at least one sample, got none`))
    refused(
      { labels: [0, 1], scores: [1] },
      new TypeError(`${cannot} as many scores as labels, got 1 for 2`),
    )
    refused(
      { labels: [0, 1], scores: [1, Number.NaN] },
      new RangeError(`${cannot} score 1 to be a number, got NaN`),
    )
    refused(
      { labels: [0, 0.5], scores: [1, 2] },
      new RangeError(`${cannot} label 1 to be a class index, got 0.5`),
    )
  })

  it('ratesAtFixed refuses validation samples that no threshold can be chosen on', () => {
    const positives = { labels: [1, 1], scores: [1, 2] }
    expect(at({ validation: positives })).toThrow(
      new RangeError(`${task} on validation: expected at least one negative, got none`),
    )
    const endless = { labels: [1, 0], scores: [1, Number.POSITIVE_INFINITY] }
    expect(at({ validation: endless })).toThrow(RangeError)
  })

  it.each([1, -0.1, Number.NaN])('ratesAtFixed refuses a rate of %d', (falsePositiveRate) => {
    const message = `${task}: expected falsePositiveRate to be in [0, 1), got ${falsePositiveRate}`
    expect(at({ falsePositiveRate })).toThrow(new RangeError(message))
  })

  it('ratesAtFixed refuses sets that are none, options that are missing or unknown', () => {
    const wanted = 'validation to be an object of labels and scores'
    for (const [validation, got] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [[1], 'a list'],
      [{ labels: [1] }, 'object'],
    ])
      expect(at({ validation })).toThrow(new TypeError(`${task}: expected ${wanted}, got ${got}`))
    expect(at({ positiveClass: undefined })).toThrow(TypeError)
    expect(at({ train: good })).toThrow(TypeError)
  })
})
