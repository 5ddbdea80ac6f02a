import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { focal } from '../../src/losses/focal.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { asImbalanceBatch, imbalanceCases, slopeError } from './imbalance-cases.js'

const outputs = [0.4, -1, 0.2, 1.5, 0.3, -0.7, 0, 0.1, 0.9, -0.2, 0.6, 0.5]

describe('focal', () => {
  it.each(imbalanceCases('focal'))('focal agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asImbalanceBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(2e-6)
      // A probability in float32 is off by 6e-8 of itself; its 1 / p multiplies that where p is
      // small.
      expect(distance(gradient, golden.gradient)).toBeLessThan(5e-6)
    }
  })

  it('focal with focusing 0 is weightedCrossentropy to the last digit', () => {
    const batches = [
      [tensor1d([2, 0, 1, 2]), tensor(outputs, [4, 3]), [1, 2, 4]],
      [tensor1d([1, 0, 1]), tensor1d([-50, 50, 0.3]), 5],
      [tensor([0.25, 0.75, 1, 0], [2, 2]), tensor([0, 1, -3, 2], [2, 2]), [1, 3]],
    ] as const
    for (const [labels, scores, weights] of batches) {
      for (const normalise of [true, false]) {
        const plain = gradientOf(weightedCrossentropy({ weights, normalise }), labels, scores)
        expect(gradientOf(focal({ focusing: 0, weights, normalise }), labels, scores)).toEqual(
          plain,
        )
      }
    }
  })

  it.each([0.5, 1, 2, 5])(
    'focal has the gradient of finite differences for focusing %d',
    (focusing) => {
      const labels = tensor1d([2, 0, 1, 2])
      const loss = focal({ focusing, weights: [1, 2, 4] })
      const { gradient } = gradientOf(loss, labels, tensor(outputs, [4, 3]))
      // Central differences err by step^2 / 6 times the third derivative, and by the rounding of
      // the loss over the step.
      expect(slopeError(loss, labels, { at: outputs, shape: [4, 3] })(gradient)).toBeLessThan(2e-4)
    },
  )

  it('focal costs (1 - p)^focusing times the cross-entropy of a sample', () => {
    const { value } = gradientOf(focal({ focusing: 3 }), tensor1d([1]), tensor1d([Math.log(4)])) // p = 4 / 5
    expect(value).toBeCloseTo(0.2 ** 3 * Math.log(5 / 4), 7)
  })

  it('focal keeps the whole pull of a sample that is wrong and drops one that is known, with any focusing', () => {
    for (const focusing of [0, 0.1, 0.5, 2, 100]) {
      const { value, gradient } = gradientOf(
        focal({ focusing }),
        tensor1d([1, 1]),
        tensor1d([-50, 50]),
      )
      expect(value).toBeCloseTo(25, 4)
      expect(gradient[0]).toBeCloseTo(-0.5, 5)
      expect(gradient[1]).toBeCloseTo(0, 6)
    }
  })

  it('focal lets an index that is no class count for nothing', () => {
    const { value, gradient } = gradientOf(
      focal(),
      tensor1d([3, -1]),
      tensor([1, 2, 3, 4, 5, 6], [2, 3]),
    )
    expect(value).toBeCloseTo(0, 12)
    expect(sum(gradient.map(Math.abs))).toBe(0)
  })

  it("focal remembers its settings and not the caller's array", () => {
    const weights = [1, 2]
    const loss = focal({ weights, output: 'probabilities' })
    weights[1] = 100
    const settings = {
      focusing: 2,
      weights: [1, 2],
      positiveClass: 1,
      output: 'probabilities',
      normalise: true,
    }
    expect(loss.settings).toEqual(settings)
    const { value } = gradientOf(loss, tensor1d([1]), tensor1d([0.5]))
    expect(value).toBeCloseTo((4 / 3) * 0.25 * Math.LN2, 6)
  })

  it('focal rejects a focusing and weights out of range, and options that do not exist', () => {
    const cannot = 'Cannot make focal: expected'
    for (const focusing of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} focusing to be a finite number of at least 0, got ${focusing}`
      expect(() => focal({ focusing })).toThrow(new RangeError(message))
    }
    expect(() => focal({ focusing: '2' as unknown as number })).toThrow(TypeError)
    const wrong = new RangeError(`${cannot} weights[1] to be a finite number above 0, got 0`)
    expect(() => focal({ weights: [1, 0] })).toThrow(wrong)
    const known = 'focusing, weights, positiveClass, output, normalise'
    expect(() => focal({ alpha: 1 } as object)).toThrow(
      new TypeError(`${cannot} options among ${known}, got alpha`),
    )
  })

  it('focal rejects a list of weights that is not as long as the classes are many', () => {
    const message = 'Cannot compute focal: expected one weight for each of 2 classes, got 3'
    const loss = focal({ weights: [1, 2, 3] })
    expect(() => loss(tensor1d([1]), tensor1d([1]))).toThrow(new TypeError(message))
  })
})
