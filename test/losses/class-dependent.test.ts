import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { classDependent } from '../../src/losses/class-dependent.js'
import { squaredHingeRank } from '../../src/losses/squared-hinge-rank.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { asBatch, goldenCases } from './golden-cases.js'
import { distance, gradientOf } from './gradient-of.js'

const batchLabels = () => tensor1d([0, 1, 0, 0, 1, 0])
const scores = [0.3, -0.4, 1.7, 0.9, 0.6, -2.2]

describe('classDependent', () => {
  it.each(goldenCases('classDependent'))('classDependent agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(2e-6)
      expect(distance(gradient, golden.gradient)).toBeLessThan(2e-6)
    }
  })

  it('classDependent is the sum of its parts', () => {
    const outputs = tensor1d(scores)
    const both = gradientOf(classDependent({ gamma: 5, lambda: 3 }), batchLabels(), outputs)
    const crossentropy = gradientOf(weightedCrossentropy({ weights: 5 }), batchLabels(), outputs)
    const ranking = gradientOf(squaredHingeRank({ lambda: 3 }), batchLabels(), outputs)
    expect(both.value).toBeCloseTo(crossentropy.value + ranking.value, 5)
    const sum = crossentropy.gradient.map((value, i) => value + ranking.gradient[i]!)
    expect(distance(both.gradient, sum)).toBeLessThan(1e-6)
  })

  it('classDependent with lambda 0 is the weighted cross-entropy', () => {
    const outputs = tensor1d(scores)
    const crossentropy = gradientOf(weightedCrossentropy({ weights: 5 }), batchLabels(), outputs)
    expect(gradientOf(classDependent({ gamma: 5 }), batchLabels(), outputs)).toEqual(crossentropy)
    expect(
      gradientOf(classDependent({ gamma: 5, tau: 'deviation' }), batchLabels(), outputs),
    ).toEqual(crossentropy)
  })

  it('classDependent takes one gamma per class', () => {
    const outputs = tensor(scores, [2, 3])
    const one = gradientOf(
      classDependent({ gamma: 4, positiveClass: 2 }),
      tensor1d([2, 0]),
      outputs,
    )
    expect(gradientOf(classDependent({ gamma: [1, 1, 4] }), tensor1d([2, 0]), outputs)).toEqual(one)
  })

  it('classDependent says what it was made with', () => {
    const defaults = { gamma: 1, lambda: 0, positiveClass: 1, tau: 'one', output: 'auto' }
    expect(classDependent().settings).toEqual(defaults)
    expect(classDependent({ gamma: [1, 2], lambda: 5 }).settings).toEqual({
      ...defaults,
      gamma: [1, 2],
      lambda: 5,
    })
  })

  it('classDependent names the option that it rejects', () => {
    const cannot = 'Cannot make classDependent: expected'
    expect(() => classDependent({ gamma: 0 })).toThrow(
      new RangeError(`${cannot} gamma to be a finite number above 0, got 0`),
    )
    expect(() => classDependent({ gamma: '5' as unknown as number })).toThrow(TypeError)
    expect(() => classDependent({ lambda: -1 })).toThrow(
      new RangeError(`${cannot} lambda to be a finite number of at least 0, got -1`),
    )
    expect(() => classDependent({ tau: 'two' as 'one' })).toThrow(RangeError)
  })
})
