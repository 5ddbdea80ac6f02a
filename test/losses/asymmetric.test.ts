import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { asymmetric } from '../../src/losses/asymmetric.js'
import { focal } from '../../src/losses/focal.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { asImbalanceBatch, imbalanceCases, slopeError } from './imbalance-cases.js'

const labelsOf = () => tensor1d([1, 0, 0, 1, 0])
const scores = [0.3, -1.2, 0.9, -0.4, -2.5]
const logOdds = (p: number) => Math.log(p / (1 - p))

describe('asymmetric', () => {
  it.each(imbalanceCases('asymmetric'))('asymmetric agrees with PyTorch: $title', (golden) => {
    const { loss, labels, outputs } = asImbalanceBatch(golden)
    for (const yTrue of labels) {
      const { value, gradient } = gradientOf(loss, yTrue, outputs)
      expect(distance([value], [golden.value])).toBeLessThan(2e-6)
      expect(distance(gradient, golden.gradient)).toBeLessThan(2e-6)
    }
  })

  it.each([0, 1])(
    'asymmetric without focusing and clip is binary cross-entropy, class %d positive',
    (positiveClass) => {
      const plain = gradientOf(weightedCrossentropy(), labelsOf(), tensor1d(scores))
      const loss = asymmetric({
        focusingPositives: 0,
        focusingNegatives: 0,
        clip: 0,
        positiveClass,
      })
      const { value, gradient } = gradientOf(loss, labelsOf(), tensor1d(scores))
      expect(value).toBeCloseTo(plain.value, 6)
      expect(distance(gradient, plain.gradient)).toBeLessThan(1e-6)
    },
  )

  it('asymmetric with one focusing and no clip is focal for two classes', () => {
    const wanted = gradientOf(focal({ focusing: 1.5 }), labelsOf(), tensor1d(scores))
    const loss = asymmetric({ focusingPositives: 1.5, focusingNegatives: 1.5, clip: 0 })
    expect(
      distance(gradientOf(loss, labelsOf(), tensor1d(scores)).gradient, wanted.gradient),
    ).toBeLessThan(1e-6)
  })

  it('asymmetric sums over more than two classes, each against the rest', () => {
    const p = [0.5, 0.2, 0.3]
    const loss = asymmetric({ focusingPositives: 2, focusingNegatives: 1, clip: 0.25 })
    const { value } = gradientOf(loss, tensor1d([1]), tensor(p.map(Math.log), [1, 3]))
    const positive = -(0.8 ** 2) * Math.log(0.2)
    expect(value).toBeCloseTo(positive - 0.25 * Math.log(0.75) - 0.05 * Math.log(0.95), 6)
  })

  it('asymmetric drops negatives up to the clip, with their gradient', () => {
    const loss = asymmetric({ clip: 0.2 })
    const below = gradientOf(loss, tensor1d([0, 0]), tensor1d([logOdds(0.19), -50]))
    expect([below.value, sum(below.gradient.map(Math.abs))]).toEqual([0, 0])
    const above = gradientOf(loss, tensor1d([0]), tensor1d([logOdds(0.5)]))
    expect(above.value).toBeCloseTo(-(0.3 ** 4) * Math.log(0.7), 6)
    expect(above.gradient[0]).toBeGreaterThan(0.01)
  })

  it.each([
    { focusingNegatives: 4, clip: 0.05 },
    { focusingNegatives: 0, clip: 0.3 },
    { focusingNegatives: 0.5, clip: 0.1, focusingPositives: 1 },
    { focusingNegatives: 2, clip: 0, focusingPositives: 0.5 },
  ])('asymmetric has the gradient of finite differences: %j', (options) => {
    const loss = asymmetric(options)
    const { gradient } = gradientOf(loss, labelsOf(), tensor1d(scores))
    // Central differences err by step^2 / 6 times the third derivative, and by the rounding of the
    // loss over the step.
    expect(slopeError(loss, labelsOf(), { at: scores, shape: [5] })(gradient)).toBeLessThan(2e-4)
  })

  it.each([0, 0.5, 4])(
    'asymmetric is finite at and beside the clip and for sure scores, focusingNegatives %d',
    (focusingNegatives) => {
      for (const clip of [0, 1e-12, 0.05, 0.5, 0.95]) {
        const around =
          clip > 0.01 ? [-1e-7, 0, 1e-7].map((by) => logOdds(clip + by)) : [-20, -16, 0]
        const all = [...around, -1000, -50, 50, 1000]
        const loss = asymmetric({ focusingNegatives, clip })
        for (const label of [0, 1]) {
          const { value, gradient } = gradientOf(
            loss,
            tensor1d(all.map(() => label)),
            tensor1d(all),
          )
          expect([value, ...gradient].every(Number.isFinite)).toBe(true)
          expect(value).toBeGreaterThanOrEqual(0)
        }
      }
    },
  )

  it('asymmetric bounds the cost of a negative by the clip', () => {
    const costOf = (clip: number, score: number) =>
      gradientOf(asymmetric({ clip }), tensor1d([0]), tensor1d([score]))
    expect(costOf(0.05, 50).value).toBeCloseTo(-(0.95 ** 4) * Math.log(0.05), 5)
    expect(costOf(1e-9, 50).value).toBeCloseTo(-Math.log(1e-9), 4)
    expect(costOf(0, 50).value).toBeCloseTo(50, 4)
  })

  it('asymmetric remembers its settings', () => {
    const settings = {
      focusingPositives: 0,
      focusingNegatives: 4,
      clip: 0.05,
      positiveClass: 0,
      output: 'auto',
    }
    expect(asymmetric({ positiveClass: 0 }).settings).toEqual(settings)
  })

  it('asymmetric rejects exponents and a clip out of range, and options that do not exist', () => {
    const cannot = 'Cannot make asymmetric: expected'
    for (const name of ['focusingPositives', 'focusingNegatives']) {
      for (const focusing of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        const message = `${cannot} ${name} to be a finite number of at least 0, got ${focusing}`
        expect(() => asymmetric({ [name]: focusing })).toThrow(new RangeError(message))
      }
    }
    for (const clip of [-0.1, 1, Number.NaN]) {
      expect(() => asymmetric({ clip })).toThrow(
        new RangeError(`${cannot} clip to be in [0, 1), got ${clip}`),
      )
    }
    expect(() => asymmetric({ clip: null as unknown as number })).toThrow(TypeError)
    expect(() => asymmetric({ focusing: 1 } as object)).toThrow(/options among .*, got focusing$/)
  })
})
