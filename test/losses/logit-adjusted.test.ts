import { tensor, tensor1d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type LogitAdjustedOptions, logitAdjusted } from '../../src/losses/logit-adjusted.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { distance, gradientOf } from './gradient-of.js'
import { asImbalanceBatch, imbalanceCases } from './imbalance-cases.js'

const labelsOf = () => tensor1d([1, 0, 0, 1, 0])
const batch = () => [labelsOf(), tensor1d([0.3, -1.2, 0.9, -0.4, -2])] as const

/** Samples per input and class of a world with three inputs and three classes. */
const world = [
  [60, 8, 1],
  [30, 9, 2],
  [10, 3, 7],
]
const totals = [0, 1, 2].map((c) => world.reduce((total, row) => total + row[c]!, 0))
/** Every sample of the world: its input and its class. */
const everyone = world.flatMap((row, x) =>
  row.flatMap((n, y) => Array.from({ length: n }, () => ({ x, y }))),
)

/** Gradient by the logits of the three inputs, of a model that is a table of logits. */
function tableGradient(loss: ReturnType<typeof logitAdjusted>, table: number[][]): number[] {
  const outputs = tensor(
    everyone.flatMap(({ x }) => table[x]!),
    [everyone.length, 3],
  )
  const { gradient } = gradientOf(loss, tensor1d(everyone.map(({ y }) => y)), outputs)
  const perInput = Array.from({ length: 9 }, () => 0)
  for (const [o, { x }] of everyone.entries())
    for (const c of [0, 1, 2]) perInput[3 * x + c]! += gradient[3 * o + c]!
  return perInput
}

describe('logitAdjusted', () => {
  it.each(imbalanceCases('logitAdjusted'))(
    'logitAdjusted agrees with PyTorch: $title',
    (golden) => {
      const { loss, labels, outputs } = asImbalanceBatch(golden)
      for (const yTrue of labels) {
        const { value, gradient } = gradientOf(loss, yTrue, outputs)
        expect(distance([value], [golden.value])).toBeLessThan(2e-6)
        expect(distance(gradient, golden.gradient)).toBeLessThan(2e-6)
      }
    },
  )

  it('logitAdjusted with strength 0, and with equal shares, is plain cross-entropy', () => {
    const plain = gradientOf(weightedCrossentropy(), ...batch())
    expect(gradientOf(logitAdjusted({ counts: [9, 1], strength: 0 }), ...batch())).toEqual(plain)
    const equal = gradientOf(logitAdjusted({ priors: [0.5, 0.5], strength: 2 }), ...batch())
    expect(distance(equal.gradient, plain.gradient)).toBeLessThan(1e-6)
  })

  it('logitAdjusted shifts the score of one output by strength times the log-odds of the shares', () => {
    const shifted = tensor1d([0.3, -1.2, 0.9, -0.4, -2].map((z) => z + 1.5 * Math.log(1 / 9)))
    const plain = gradientOf(weightedCrossentropy(), labelsOf(), shifted)
    const adjusted = gradientOf(logitAdjusted({ counts: [900, 100], strength: 1.5 }), ...batch())
    expect(adjusted.value).toBeCloseTo(plain.value, 5)
    expect(distance(adjusted.gradient, plain.gradient)).toBeLessThan(1e-6)
  })

  it('logitAdjusted is lowest where the scores are log P(x | class), which makes the fewest errors per class', () => {
    const likelihoods = world.map((row) => row.map((n, c) => Math.log(n / totals[c]!)))
    const atOptimum = tableGradient(logitAdjusted({ counts: totals }), likelihoods)
    expect(Math.max(...atOptimum.map(Math.abs))).toBeLessThan(1e-6)
    // Not so for cross-entropy, whose optimum is log P(class | x): there the rare class loses every
    // input.
    const counts = world.map((row) => row.map(Math.log))
    const plain = tableGradient(logitAdjusted({ counts: totals, strength: 0 }), counts)
    expect(Math.max(...plain.map(Math.abs))).toBeLessThan(1e-6)
    expect(
      Math.max(...tableGradient(logitAdjusted({ counts: totals }), counts).map(Math.abs)),
    ).toBeGreaterThan(0.01)
  })

  it('logitAdjusted takes counts or shares, of which the ratios alone matter', () => {
    const wanted = gradientOf(logitAdjusted({ counts: [90, 10] }), ...batch())
    for (const options of [
      { counts: Int32Array.of(9, 1) },
      { priors: [0.9, 0.1] },
      { priors: [18, 2] },
    ]) {
      expect(
        distance(gradientOf(logitAdjusted(options), ...batch()).gradient, wanted.gradient),
      ).toBeLessThan(1e-6)
    }
  })

  it("logitAdjusted remembers its settings and not the caller's array", () => {
    const counts = [3, 1]
    const loss = logitAdjusted({ counts })
    const { value } = gradientOf(loss, ...batch())
    counts[1] = 300
    expect(loss.settings).toEqual({
      priors: [0.75, 0.25],
      strength: 1,
      output: 'auto',
    })
    expect(gradientOf(loss, ...batch()).value).toBe(value)
  })

  it('logitAdjusted rejects wrong shares and strength, and options that do not exist', () => {
    const cannot = 'Cannot make logitAdjusted: expected'
    const make = (options: unknown) => () => logitAdjusted(options as LogitAdjustedOptions)
    expect(make({})).toThrow(new TypeError(`${cannot} either counts or priors, got neither`))
    expect(make({ counts: [1, 2], priors: [1, 2] })).toThrow(
      new TypeError(`${cannot} either counts or priors, got both`),
    )
    expect(make({ counts: [1] })).toThrow(
      new TypeError(`${cannot} counts of at least 2 classes, got 1`),
    )
    expect(make({ counts: null })).toThrow(TypeError)
    expect(make({ counts: [1, 0.5] })).toThrow(
      new RangeError(`${cannot} counts[1] to be a whole number above 0, got 0.5`),
    )
    expect(make({ priors: [1] })).toThrow(
      new TypeError(`${cannot} priors of at least 2 classes, got 1`),
    )
    expect(make({ priors: null })).toThrow(
      new TypeError(`${cannot} priors of at least 2 classes, got null`),
    )
    for (const prior of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} priors[0] to be a finite number above 0, got ${prior}`
      expect(make({ priors: [prior, 1] })).toThrow(new RangeError(message))
    }
    expect(make({ priors: ['1', 1] })).toThrow(TypeError)
    expect(make({ counts: [1, 2], strength: -1 })).toThrow(
      new RangeError(`${cannot} strength to be a finite number of at least 0, got -1`),
    )
    expect(make({ counts: [1, 2], positiveClass: 1 })).toThrow(
      /options among .*, got positiveClass/,
    )
    expect(make({ counts: [1, 2], weights: 2 })).toThrow(/options among .*, got weights$/)
  })

  it('logitAdjusted rejects counts and shares that are not as many as the classes', () => {
    const cannot = 'Cannot compute logitAdjusted: expected'
    const three = tensor([1, 2, 3], [1, 3])
    expect(() => logitAdjusted({ counts: [9, 1] })(tensor1d([1]), three)).toThrow(
      new TypeError(`${cannot} one count for each of 3 classes, got 2`),
    )
    expect(() => logitAdjusted({ priors: [1, 1, 1] })(tensor1d([1]), tensor1d([1]))).toThrow(
      new TypeError(`${cannot} one prior for each of 2 classes, got 3`),
    )
  })
})
