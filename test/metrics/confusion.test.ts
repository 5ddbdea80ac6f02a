import { describe, expect, it } from 'vitest'
import { confusion, confusionOfClasses } from '../../src/metrics/confusion.js'
import { itRejectsBadSamples, itRejectsBadScores } from './bad-samples.js'
import { goldenCases } from './golden-cases.js'

describe('confusion', () => {
  it.each(goldenCases)('confusion agrees with scikit-learn: $name', (golden) => {
    const { labels, scores, positiveClass, threshold } = golden
    expect(confusion(labels, scores, { positiveClass, threshold })).toEqual(golden.confusion)
  })

  it('confusion predicts positive at the threshold itself', () => {
    const at = (threshold: number) => confusion([1, 0], [0.5, 0.5], { positiveClass: 1, threshold })
    expect(at(0.5)).toEqual({
      truePositives: 1,
      falseNegatives: 0,
      falsePositives: 1,
      trueNegatives: 0,
    })
    expect(at(0.5 + 1e-15)).toEqual({
      truePositives: 0,
      falseNegatives: 1,
      falsePositives: 0,
      trueNegatives: 1,
    })
  })

  it('confusion takes an infinite threshold', () => {
    const { truePositives, falsePositives } = confusion([1, 0], [5, 6], {
      positiveClass: 1,
      threshold: Infinity,
    })
    expect([truePositives, falsePositives]).toEqual([0, 0])
  })

  it('confusion rejects a threshold that is NaN or no number', () => {
    const of = (threshold: number) => () =>
      confusion([1, 0], [5, 6], { positiveClass: 1, threshold })
    const message = 'Cannot compute confusion: expected threshold to be a number, got'
    expect(of(Number.NaN)).toThrow(new RangeError(`${message} NaN`))
    expect(of(undefined as unknown as number)).toThrow(new TypeError(`${message} undefined`))
  })

  itRejectsBadScores('confusion', (labels, scores, positiveClass) =>
    confusion(labels, scores, { positiveClass, threshold: 0 }),
  )
})

describe('confusionOfClasses', () => {
  it.each(goldenCases)('confusionOfClasses agrees with scikit-learn: $name', (golden) => {
    const { labels, scores, positiveClass, threshold } = golden
    const predicted = scores.map((score) =>
      score >= threshold ? positiveClass : positiveClass + 1,
    )
    expect(confusionOfClasses(labels, predicted, { positiveClass })).toEqual(golden.confusion)
  })

  it('confusionOfClasses counts a mix-up of two negative classes as true negative', () => {
    const counts = confusionOfClasses([0, 1, 2, 2], [1, 0, 2, 1], { positiveClass: 2 })
    expect(counts).toEqual({
      truePositives: 1,
      falseNegatives: 1,
      falsePositives: 0,
      trueNegatives: 2,
    })
  })

  it('confusionOfClasses rejects predictions that are no class index', () => {
    const of = (predicted: number[]) => () =>
      confusionOfClasses([0, 1], predicted, { positiveClass: 1 })
    const message =
      'Cannot compute confusionOfClasses: expected prediction 1 to be a class index, got 0.9'
    expect(of([0, 0.9])).toThrow(new RangeError(message))
  })

  itRejectsBadSamples('confusionOfClasses', {
    values: 'predicted classes',
    measure: (labels, predicted, positiveClass) =>
      confusionOfClasses(labels, predicted, { positiveClass }),
  })
})
