import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type LdamOptions, ldam } from '../../src/losses/ldam.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { distance, gradientOf } from './gradient-of.js'
import { asImbalanceBatch, imbalanceCases } from './imbalance-cases.js'

const labelsOf = () => tensor1d([1, 0, 0, 1, 0])
const batch = () => [labelsOf(), tensor1d([0.3, -1.2, 0.9, -0.4, -2])] as const

describe('ldam', () => {
  it.each(imbalanceCases('ldam'))('ldam agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asImbalanceBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(2e-6)
      expect(distance(gradient, golden.gradient)).toBeLessThan(2e-6)
    }
  })

  it('ldam without a margin is weightedCrossentropy, and near it with a small one', () => {
    const plain = gradientOf(weightedCrossentropy({ weights: 3 }), ...batch())
    expect(gradientOf(ldam({ counts: [9, 1], maximumMargin: 0, weights: 3 }), ...batch())).toEqual(
      plain,
    )
    const near = gradientOf(ldam({ counts: [9, 1], maximumMargin: 1e-3, weights: 3 }), ...batch())
    expect(near.value).toBeGreaterThan(plain.value)
    expect(near.value).toBeLessThan(plain.value + 1e-3)
  })

  it('ldam asks the rarest class for the whole margin and another for the fourth root of its share', () => {
    const loss = ldam({ counts: [810, 10, 160], maximumMargin: 0.6 })
    const margins = [0.2, 0.6, 0.3]
    for (const [c, margin] of margins.entries()) {
      // A sample that leads the two others by its margin alone stands where all three logits are
      // equal.
      const outputs = tensor(
        margins.map((_, k) => (k === c ? margin : 0)),
        [1, 3],
      )
      expect(gradientOf(loss, tensor1d([c]), outputs).value).toBeCloseTo(Math.log(3), 5)
    }
  })

  it('ldam depends on the ratios of the counts alone, and equal counts share one margin', () => {
    const one = gradientOf(ldam({ counts: [90, 10] }), ...batch())
    const ten = gradientOf(ldam({ counts: Float64Array.of(900, 100) }), ...batch())
    expect(distance(ten.gradient, one.gradient)).toBeLessThan(1e-6)
    const equal = ldam({ counts: [7, 7] })
    const swapped = [tensor1d([0, 1, 1, 0, 1]), tensor1d([-0.3, 1.2, -0.9, 0.4, 2])] as const
    expect(gradientOf(equal, ...swapped).value).toBeCloseTo(gradientOf(equal, ...batch()).value, 6)
  })

  it('ldam with a scale is the loss of logits and margin as many times as large', () => {
    const cosines = ldam({ counts: [9, 1], scale: 30 })
    const plain = ldam({ counts: [9, 1], maximumMargin: 15 })
    const small = gradientOf(cosines, labelsOf(), tensor1d([0.1, -0.2, 0.3, -0.4, 0.5]))
    const large = gradientOf(plain, labelsOf(), tensor1d([3, -6, 9, -12, 15]))
    expect(small.value).toBeCloseTo(large.value, 4)
    expect(
      distance(
        small.gradient,
        large.gradient.map((slope) => 30 * slope),
      ),
    ).toBeLessThan(1e-5)
  })

  it('ldam shares the margins out over soft labels', () => {
    const loss = ldam({ counts: [16, 1], maximumMargin: 2 }) // margins 1 and 2
    const { value } = gradientOf(loss, tensor([0.5, 0.5], [1, 2]), tensor([0.5, 1], [1, 2]))
    expect(value).toBeCloseTo(Math.LN2, 6)
  })

  it("ldam remembers its settings and not the caller's arrays", () => {
    const [counts, weights] = [
      [9, 1],
      [1, 2],
    ]
    const loss = ldam({ counts, weights } as LdamOptions)
    const { value } = gradientOf(loss, ...batch())
    counts![1] = 1000
    weights![1] = 1000
    const settings = {
      maximumMargin: 0.5,
      scale: 1,
      weights: [1, 2],
      positiveClass: 1,
      output: 'auto',
    }
    expect(loss.settings).toEqual({ counts: [9, 1], ...settings })
    expect(gradientOf(loss, ...batch()).value).toBe(value)
  })

  it('ldam rejects counts, a margin and a scale out of range, and options that do not exist', () => {
    const cannot = 'Cannot make ldam: expected'
    const make = (options: object) => () => ldam({ counts: [9, 1], ...options })
    expect(() => ldam(undefined as unknown as LdamOptions)).toThrow(
      new TypeError(`${cannot} an object of options with counts, got undefined`),
    )
    expect(() => ldam({} as LdamOptions)).toThrow(
      new TypeError(`${cannot} counts of at least 2 classes, got undefined`),
    )
    expect(make({ counts: [9] })).toThrow(
      new TypeError(`${cannot} counts of at least 2 classes, got 1`),
    )
    expect(make({ counts: [9, 0] })).toThrow(
      new RangeError(`${cannot} counts[1] to be a whole number above 0, got 0`),
    )
    expect(make({ maximumMargin: -1 })).toThrow(
      new RangeError(`${cannot} maximumMargin to be a finite number of at least 0, got -1`),
    )
    expect(make({ scale: 0 })).toThrow(
      new RangeError(`${cannot} scale to be a finite number above 0, got 0`),
    )
    expect(make({ scale: '1' })).toThrow(TypeError)
    expect(make({ weights: [1] })).toThrow(
      new TypeError(`${cannot} weights to hold one number per class, got 1`),
    )
    expect(make({ margin: 1 })).toThrow(/options among .*, got margin$/)
  })

  it('ldam rejects counts and weights that are not as many as the classes', () => {
    const cannot = 'Cannot compute ldam: expected'
    const three = tensor([1, 2, 3], [1, 3])
    expect(() => ldam({ counts: [9, 1] })(tensor1d([1]), three)).toThrow(
      new TypeError(`${cannot} one count for each of 3 classes, got 2`),
    )
    expect(() => ldam({ counts: [9, 1, 4] })(tensor1d([1]), tensor1d([0]))).toThrow(
      new TypeError(`${cannot} one count for each of 2 classes, got 3`),
    )
    expect(() => ldam({ counts: [9, 1, 4], weights: [1, 2] })(tensor1d([1]), three)).toThrow(
      new TypeError(`${cannot} one weight for each of 3 classes, got 2`),
    )
  })
})
