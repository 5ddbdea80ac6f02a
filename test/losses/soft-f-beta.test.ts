import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { softFBeta } from '../../src/losses/soft-f-beta.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { asImbalanceBatch, imbalanceCases, slopeError } from './imbalance-cases.js'

const labels = [1, 0, 0, 1, 0, 1, 0, 0]
const scores = [0.3, -1.2, 0.9, -0.4, -2.5, 1.7, 0.1, -0.6]

describe('softFBeta', () => {
  it.each(imbalanceCases('softFBeta'))('softFBeta agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asImbalanceBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(2e-6)
      // The slope of a sigmoid, p (1 - p), has an absolute error of 6e-8 where p is near 1, and
      // units are at least 1e-3.
      expect(distance(gradient, golden.gradient)).toBeLessThan(2e-5)
    }
  })

  it.each([0.5, 1, 2])('softFBeta is one minus F_beta where the model is sure, beta %d', (beta) => {
    const predicted = scores.map((score) => Number(score > 0))
    const hits = predicted.filter((p, k) => p === 1 && labels[k] === 1).length
    const [precision, recall] = [hits / sum(predicted), hits / sum(labels)]
    const f = ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall)
    const sure = tensor1d(scores.map((score) => 200 * score))
    expect(gradientOf(softFBeta({ beta }), tensor1d(labels), sure).value).toBeCloseTo(1 - f, 6)
  })

  it('softFBeta with a large beta is the mean miss, and with a small one the share of false alarms', () => {
    const p = scores.map((score) => 1 / (1 + Math.exp(-score)))
    const hits = sum(p.map((chance, k) => chance * labels[k]!))
    const valueAt = (beta: number) =>
      gradientOf(softFBeta({ beta }), tensor1d(labels), tensor1d(scores)).value
    expect(valueAt(1e3)).toBeCloseTo(1 - hits / 3, 5)
    expect(valueAt(1e-3)).toBeCloseTo(1 - hits / sum(p), 5)
  })

  it('softFBeta pulls positives up and negatives down', () => {
    const { gradient } = gradientOf(softFBeta(), tensor1d(labels), tensor1d(scores))
    for (const [k, slope] of gradient.entries())
      expect(Math.sign(slope)).toBe(labels[k] === 1 ? -1 : 1)
  })

  it('softFBeta is 0 without positives, and so is its gradient', () => {
    for (const positiveClass of [0, 1]) {
      const others = tensor1d(scores.map(() => 1 - positiveClass))
      const { value, gradient } = gradientOf(softFBeta({ positiveClass }), others, tensor1d(scores))
      expect([value, sum(gradient.map(Math.abs))]).toEqual([0, 0])
    }
    const sure = gradientOf(softFBeta(), tensor1d([0, 0]), tensor1d([-1000, -1000]))
    expect([sure.value, ...sure.gradient.map(Math.abs)]).toEqual([0, 0, 0])
  })

  it('softFBeta is the mean over more than two classes, an absent class at 0', () => {
    const rows = [
      [0.6, 0.3, 0.1],
      [0.2, 0.7, 0.1],
    ]
    const outputs = tensor(rows.flat().map(Math.log), [2, 3])
    const { value } = gradientOf(softFBeta({ beta: 1 }), tensor1d([0, 1]), outputs)
    expect(value).toBeCloseTo((1 - 1.2 / 1.8 + 1 - 1.4 / 2) / 3, 6)
  })

  it('softFBeta has the gradient of finite differences', () => {
    for (const beta of [0.7, 2]) {
      const loss = softFBeta({ beta })
      const { gradient } = gradientOf(loss, tensor1d(labels), tensor1d(scores))
      // Central differences err by step^2 / 6 times the third derivative, and by the rounding of
      // the loss over the step.
      expect(slopeError(loss, tensor1d(labels), { at: scores, shape: [8] })(gradient)).toBeLessThan(
        1e-4,
      )
    }
  })

  it('softFBeta remembers its settings', () => {
    expect(softFBeta({ beta: 1 }).settings).toEqual({ beta: 1, positiveClass: 1, output: 'auto' })
  })

  it('softFBeta rejects a beta out of range, and options that do not exist', () => {
    const cannot = 'Cannot make softFBeta: expected'
    for (const beta of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} beta to be a finite number above 0, got ${beta}`
      expect(() => softFBeta({ beta })).toThrow(new RangeError(message))
    }
    expect(() => softFBeta({ beta: '2' as unknown as number })).toThrow(TypeError)
    expect(() => softFBeta({ gamma: 1 } as object)).toThrow(
      /options among beta, positiveClass, output, got gamma$/,
    )
  })
})
