import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { aucm } from '../../src/losses/aucm.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { asImbalanceBatch, imbalanceCases, slopeError } from './imbalance-cases.js'

const labels = [1, 0, 0, 1, 0, 1, 0, 0]
const scores = [0.3, -1.2, 0.9, -0.4, -2.5, 1.7, 0.1, -0.6]
const sigmoid = (score: number) => 1 / (1 + Math.exp(-score))

describe('aucm', () => {
  it.each(imbalanceCases('aucm'))('aucm agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asImbalanceBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(2e-6)
      // The slope of a sigmoid, p (1 - p), has an absolute error of 6e-8 where p is near 1, and
      // units are at least 1e-3.
      expect(distance(gradient, golden.gradient)).toBeLessThan(2e-5)
    }
  })

  it.each([1, 1.5, 3])(
    'aucm with margin %d is the mean square of what each pair lacks',
    (margin) => {
      const p = scores.map(sigmoid)
      const positives = p.filter((_, k) => labels[k] === 1)
      const negatives = p.filter((_, k) => labels[k] === 0)
      const pairs = positives.flatMap((own) =>
        negatives.map((other) => (margin - (own - other)) ** 2),
      )
      const { value } = gradientOf(aucm({ margin }), tensor1d(labels), tensor1d(scores))
      expect(value).toBeCloseTo(sum(pairs) / pairs.length, 5)
    },
  )

  it('aucm is the two variances alone once the means are a margin apart', () => {
    const probabilities = [0.9, 0.1, 0.7, 0.1, 0.4]
    const loss = aucm({ margin: 0.5, output: 'probabilities' })
    const { value, gradient } = gradientOf(loss, tensor1d([1, 0, 1, 0, 0]), tensor1d(probabilities))
    expect(value).toBeCloseTo(0.01 + 0.02, 6)
    expect(gradient[0]).toBeCloseTo(0.1, 5)
    expect(gradient[2]).toBeCloseTo(-0.1, 5)
  })

  it('aucm has a gradient over the probabilities that sums to zero', () => {
    const loss = aucm({ output: 'probabilities' })
    const { gradient } = gradientOf(loss, tensor1d(labels), tensor1d(scores.map(sigmoid)))
    expect(sum(gradient.map(Math.abs))).toBeGreaterThan(0.5)
    expect(Math.abs(sum(gradient))).toBeLessThan(2e-6)
  })

  it('aucm is the same whichever of two classes is positive', () => {
    const one = gradientOf(aucm({ positiveClass: 1 }), tensor1d(labels), tensor1d(scores))
    const other = gradientOf(aucm({ positiveClass: 0 }), tensor1d(labels), tensor1d(scores))
    expect(other.value).toBeCloseTo(one.value, 6)
    expect(distance(other.gradient, one.gradient)).toBeLessThan(2e-6)
  })

  it('aucm is 0 without positives or without negatives, and so is its gradient', () => {
    for (const label of [0, 1]) {
      const { value, gradient } = gradientOf(
        aucm(),
        tensor1d(scores.map(() => label)),
        tensor1d(scores),
      )
      expect([value, sum(gradient.map(Math.abs))]).toEqual([0, 0])
    }
  })

  it('aucm is the mean over more than two classes, an absent class at 0', () => {
    const rows = [
      [0.6, 0.3, 0.1],
      [0.2, 0.7, 0.1],
    ]
    const outputs = tensor(rows.flat().map(Math.log), [2, 3])
    const { value } = gradientOf(aucm(), tensor1d([0, 1]), outputs)
    expect(value).toBeCloseTo((0.6 ** 2 + 0.6 ** 2) / 3, 6)
  })

  it('aucm has the gradient of finite differences', () => {
    for (const margin of [0.3, 1]) {
      const loss = aucm({ margin })
      const { gradient } = gradientOf(loss, tensor1d(labels), tensor1d(scores))
      // Central differences err by step^2 / 6 times the third derivative, and by the rounding of
      // the loss over the step.
      expect(slopeError(loss, tensor1d(labels), { at: scores, shape: [8] })(gradient)).toBeLessThan(
        1e-4,
      )
    }
  })

  it('aucm remembers its settings', () => {
    expect(aucm({ margin: 0.5 }).settings).toEqual({
      margin: 0.5,
      positiveClass: 1,
      output: 'auto',
    })
  })

  it('aucm rejects a margin out of range, and options that do not exist', () => {
    const cannot = 'Cannot make aucm: expected'
    for (const margin of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} margin to be a finite number above 0, got ${margin}`
      expect(() => aucm({ margin })).toThrow(new RangeError(message))
    }
    expect(() => aucm({ margin: '1' as unknown as number })).toThrow(TypeError)
    expect(() => aucm({ weights: 1 } as object)).toThrow(
      /options among margin, positiveClass, output, got weights$/,
    )
  })
})
