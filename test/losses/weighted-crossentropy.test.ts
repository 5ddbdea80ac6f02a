import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { asBatch, goldenCases } from './golden-cases.js'
import { distance, gradientOf, sum } from './gradient-of.js'

const lossOf = (...batch: Parameters<typeof gradientOf>) => gradientOf(...batch).value

describe('weightedCrossentropy', () => {
  it.each(goldenCases('weightedCrossentropy'))(
    'weightedCrossentropy agrees with PyTorch: $title',
    (golden) => {
      const { loss, labels, outputs } = asBatch(golden)
      for (const yTrue of labels) {
        const { value, gradient } = gradientOf(loss, yTrue, outputs)
        expect(distance([value], [golden.value])).toBeLessThan(2e-6)
        expect(distance(gradient, golden.gradient)).toBeLessThan(2e-6)
      }
    },
  )

  it('weightedCrossentropy has the gradient of finite differences', () => {
    const labels = tensor1d([2, 0, 1, 2])
    const at = [0.4, -1, 0.2, 1.5, 0.3, -0.7, 0, 0.1, 0.9, -0.2, 0.6, 0.5]
    const loss = weightedCrossentropy({ weights: [1, 2, 4] })
    const { gradient } = gradientOf(loss, labels, tensor(at, [4, 3]))
    const shifted = (i: number, by: number) =>
      tensor(
        at.map((z, k) => (k === i ? z + by : z)),
        [4, 3],
      )
    const step = 0.02
    at.forEach((_, i) => {
      const [up, down] = [
        lossOf(loss, labels, shifted(i, step)),
        lossOf(loss, labels, shifted(i, -step)),
      ]
      expect((up - down) / (2 * step)).toBeCloseTo(gradient[i]!, 4)
    })
  })

  it('weightedCrossentropy weighs a positive gamma times as much as a negative', () => {
    const { gradient } = gradientOf(
      weightedCrossentropy({ weights: 5 }),
      tensor1d([1, 0]),
      tensor1d([0, 0]),
    )
    expect(gradient[0]! / gradient[1]!).toBeCloseTo(-5, 5)
  })

  it('weightedCrossentropy scales the weights to sum to the number of classes', () => {
    const batch = [
      tensor1d([2, 0, 1, 1]),
      tensor([3, 1, 0, 0, 2, 1, 1, 0, 2, 0, 1, 0], [4, 3]),
    ] as const
    const small = lossOf(weightedCrossentropy({ weights: [0.001, 0.002, 0.004] }), ...batch)
    const large = lossOf(
      weightedCrossentropy({ weights: [3 / 7, 6 / 7, 12 / 7], normalise: false }),
      ...batch,
    )
    expect(small).toBeCloseTo(large, 5)
  })

  it('weightedCrossentropy divides by the samples, not by their weights', () => {
    const loss = weightedCrossentropy({ weights: [1, 3], normalise: false })
    expect(lossOf(loss, tensor1d([1, 1]), tensor1d([0, 0]))).toBeCloseTo(3 * Math.LN2, 5)
  })

  it('weightedCrossentropy is exact where probabilities saturate', () => {
    const { value, gradient } = gradientOf(
      weightedCrossentropy(),
      tensor1d([1, 0]),
      tensor1d([-50, 50]),
    )
    expect(value).toBeCloseTo(50, 5)
    expect(gradient[0]).toBeCloseTo(-0.5, 6)
    expect(gradient[1]).toBeCloseTo(0.5, 6)
  })

  it('weightedCrossentropy clips probabilities of 0 and 1 at 1e-7', () => {
    const loss = weightedCrossentropy({ output: 'probabilities' })
    expect(lossOf(loss, tensor1d([1, 0]), tensor1d([0, 1]))).toBeCloseTo(-Math.log(1e-7), 4)
    expect(lossOf(loss, tensor1d([1, 0]), tensor1d([1, 0]))).toBeCloseTo(0, 6)
    expect(lossOf(loss, tensor1d([0, 1]), tensor([0, 1, 1, 0], [2, 2]))).toBeCloseTo(
      -Math.log(1e-7),
      4,
    )
  })

  it('weightedCrossentropy takes soft labels', () => {
    const value = lossOf(
      weightedCrossentropy(),
      tensor([0.25, 0.75], [1, 2]),
      tensor([0, 1], [1, 2]),
    )
    const logP = (z: number) => z - Math.log(1 + Math.E)
    expect(value).toBeCloseTo(-0.25 * logP(0) - 0.75 * logP(1), 5)
  })

  it('weightedCrossentropy lets an index that is no class count for nothing', () => {
    const { value, gradient } = gradientOf(
      weightedCrossentropy(),
      tensor1d([3, -1]),
      tensor([1, 2, 3, 4, 5, 6], [2, 3]),
    )
    expect(value).toBeCloseTo(0, 12)
    expect(sum(gradient.map(Math.abs))).toBe(0)
  })

  it("weightedCrossentropy remembers its settings and not the caller's array", () => {
    const weights = [1, 2]
    const loss = weightedCrossentropy({ weights })
    weights[1] = 100
    expect(loss.settings).toEqual({
      weights: [1, 2],
      positiveClass: 1,
      output: 'auto',
      normalise: true,
    })
    expect(lossOf(loss, tensor1d([1]), tensor1d([0]))).toBeCloseTo((4 / 3) * Math.LN2, 5)
  })

  it('weightedCrossentropy rejects weights that are not finite and above 0', () => {
    const cannot = 'Cannot make weightedCrossentropy: expected'
    const make = (weights: unknown) => () => weightedCrossentropy({ weights: weights as number })
    for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `to be a finite number above 0, got ${weight}`
      expect(make(weight)).toThrow(new RangeError(`${cannot} weights ${message}`))
      expect(make([1, weight])).toThrow(new RangeError(`${cannot} weights[1] ${message}`))
    }
    expect(make('5')).toThrow(
      new TypeError(`${cannot} weights to be a finite number above 0, got "5"`),
    )
    expect(make([5])).toThrow(
      new TypeError(`${cannot} weights to hold one number per class, got 1`),
    )
  })

  it('weightedCrossentropy rejects a list that is not as long as the classes are many', () => {
    const loss = weightedCrossentropy({ weights: [1, 2, 3] })
    const message =
      'Cannot compute weightedCrossentropy: expected one weight for each of 2 classes, got 3'
    expect(() => loss(tensor1d([1]), tensor1d([1]))).toThrow(new TypeError(message))
  })
})
