import { reshape, tensor, tensor1d } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classDependent } from '../../src/losses/class-dependent.js'
import { squaredHingeRank } from '../../src/losses/squared-hinge-rank.js'
import { sumOf } from '../../src/losses/sum-of.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { aucRoc } from '../../src/metrics/auc-roc.js'
import { asBatch, goldenCases } from './golden-cases.js'
import { distance, gradientOf, sum } from './gradient-of.js'
import { hardSet, trainOn } from './hard-set.js'
import { uncentredRank } from './uncentred-rank.js'

const taus = ['one', 'deviation'] as const
const lossOf = (...batch: Parameters<typeof gradientOf>) => gradientOf(...batch).value

/** A batch of two classes; all of one class is possible. */
const batches = fc
  .array(fc.record({ label: fc.nat({ max: 1 }), score: fc.integer({ min: -400, max: 400 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((samples) => ({
    labels: samples.map(({ label }) => label),
    scores: samples.map(({ score }) => Math.fround(score / 100)),
  }))

const fiveIn32 = Array.from({ length: 32 }, (_, i) => (i < 5 ? 1 : 0))

/** The loss in float64 with boundary and unit as given: what its gradient is the gradient of. */
function frozenLoss(
  labels: readonly number[],
  scores: readonly number[],
  at: readonly number[],
  tau: string,
): number {
  const centre = (values: readonly number[]) =>
    values.map((value) => value - sum(values) / values.length)
  const fixed = centre(at)
  const order = [...fixed].sort((a, b) => a - b)
  const negatives = labels.filter((label) => label === 0).length
  const boundary = (order[negatives - 1]! + order[negatives]!) / 2
  const unit = tau === 'one' ? 1 : Math.sqrt(sum(fixed.map((value) => value ** 2)) / fixed.length)
  const hinges = centre(scores).map((s, i) =>
    Math.max(0, 1 - ((2 * labels[i]! - 1) * (s - boundary)) / unit),
  )
  return sum(hinges.map((hinge) => hinge ** 2)) / labels.length
}

describe('squaredHingeRank', () => {
  it.each(goldenCases('squaredHingeRank'))(
    'squaredHingeRank agrees with PyTorch: $title',
    (golden) => {
      const { loss, labels, outputs } = asBatch(golden)
      for (const yTrue of labels) {
        const { value, gradient } = gradientOf(loss, yTrue, outputs)
        expect(distance([value], [golden.value])).toBeLessThan(2e-6)
        expect(distance(gradient, golden.gradient)).toBeLessThan(2e-6)
      }
    },
  )

  it.each(taus)(
    'squaredHingeRank has the gradient of finite differences with a fixed boundary, tau %s',
    (tau) => {
      const labels = [0, 1, 0, 1, 0, 0, 1, 0]
      const scores = [0.31, -0.42, 1.73, 0.94, -1.35, 0.56, 0.17, -0.88]
      const { value, gradient } = gradientOf(
        squaredHingeRank({ tau }),
        tensor1d(labels),
        tensor1d(scores),
      )
      expect(value).toBeCloseTo(frozenLoss(labels, scores, scores, tau), 5)
      const step = 1e-6
      scores.forEach((_, i) => {
        const at = (by: number) =>
          frozenLoss(
            labels,
            scores.map((s, k) => (k === i ? s + by : s)),
            scores,
            tau,
          )
        expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(gradient[i]!, 5)
      })
    },
  )

  it.each(taus)(
    'squaredHingeRank has a gradient that sums to zero over the batch, tau %s',
    (tau) => {
      fc.assert(
        fc.property(batches, ({ labels, scores }) => {
          const { gradient } = gradientOf(
            squaredHingeRank({ tau }),
            tensor1d(labels),
            tensor1d(scores),
          )
          const unit = Math.max(1, ...gradient.map(Math.abs))
          expect(Math.abs(sum(gradient)) / unit).toBeLessThan(1e-6)
        }),
        { numRuns: 50 },
      )
    },
  )

  it('squaredHingeRank does not push 5 positives in 32 equal scores down; without centring, 1.375 lambda would', () => {
    const [labels, scores] = [tensor1d(fiveIn32), tensor1d(new Array(32).fill(3))]
    const uncentred = gradientOf(uncentredRank(5), labels, scores)
    expect(sum(uncentred.gradient)).toBeCloseTo(1.375 * 5, 5)
    const centred = gradientOf(squaredHingeRank({ lambda: 5 }), labels, scores)
    expect(centred.value).toBeCloseTo(5, 5)
    expect(Math.abs(sum(centred.gradient))).toBeLessThan(1e-6)
    expect(centred.gradient[0]).toBeCloseTo((-2 * 5 * (1 + 22 / 32)) / 32, 5)
  })

  it('squaredHingeRank with cross-entropy does not end in one class on a hard set; without centring it does', () => {
    const set = hardSet(2)
    const share = (scores: readonly number[]) =>
      scores.filter((score) => score >= 0).length / scores.length
    const centred = trainOn(set, classDependent({ gamma: 1, lambda: 5 }), { seed: 2 })
    expect(share(centred)).toBeGreaterThan(0.01)
    expect(share(centred)).toBeLessThan(0.5)
    expect(aucRoc(set.labels, centred, { positiveClass: 1 })).toBeGreaterThan(0.75)
    const uncentred = trainOn(set, sumOf(weightedCrossentropy(), uncentredRank(5)), { seed: 2 })
    expect(share(uncentred)).toBe(0)
    expect(Math.max(...uncentred)).toBeLessThan(-3)
  })

  it.each(taus)(
    'squaredHingeRank is exactly zero for a batch of one class, and so is its gradient, tau %s',
    (tau) => {
      for (const labels of [[1], [0], [1, 1, 1], [0, 0, 0]]) {
        const scores = [50, -0.3, 2].slice(0, labels.length)
        const outputs = [
          tensor1d(scores),
          tensor(
            scores.flatMap((s) => [s, -s, 1]),
            [scores.length, 3],
          ),
        ]
        for (const output of outputs) {
          const { value, gradient } = gradientOf(
            squaredHingeRank({ tau, lambda: 5 }),
            tensor1d(labels),
            output,
          )
          expect([value, sum(gradient.map(Math.abs))]).toEqual([0, 0])
        }
      }
    },
  )

  it('squaredHingeRank is zero for scores in order with a margin of one on either side of the boundary', () => {
    const loss = squaredHingeRank()
    expect(lossOf(loss, tensor1d([1, 1, 0, 0]), tensor1d([7, 6, 4, 1]))).toBeCloseTo(0, 6)
    expect(lossOf(loss, tensor1d([1, 1, 0, 0]), tensor1d([6, 5.5, 4, 1]))).toBeGreaterThan(0.01)
    expect(lossOf(loss, tensor1d([0, 1, 0, 0]), tensor1d([7, 6, 4, 1]))).toBeGreaterThan(1)
  })

  it.each(taus)('squaredHingeRank does not change when all scores move, tau %s', (tau) => {
    fc.assert(
      fc.property(batches, fc.integer({ min: -20, max: 20 }), ({ labels, scores }, shift) => {
        const loss = squaredHingeRank({ tau })
        const moved = tensor1d(scores.map((score) => score + shift))
        const value = lossOf(loss, tensor1d(labels), tensor1d(scores))
        expect(distance([lossOf(loss, tensor1d(labels), moved)], [value])).toBeLessThan(1e-3)
      }),
      { numRuns: 30 },
    )
  })

  it('squaredHingeRank with tau deviation does not change with the scale of the scores', () => {
    const labels = tensor1d([0, 1, 0, 1, 0])
    const scores = [0.3, -0.4, 1.7, 0.9, -1.3]
    const values = [0.1, 1, 20].map((scale) => {
      const scaled = tensor1d(scores.map((score) => score * scale))
      return lossOf(squaredHingeRank({ tau: 'deviation' }), labels, scaled)
    })
    expect(values[0]).toBeCloseTo(values[1]!, 4)
    expect(values[2]).toBeCloseTo(values[1]!, 4)
  })

  it('squaredHingeRank with tau deviation takes 1 for scores that do not deviate', () => {
    const labels = tensor1d([0, 1, 0])
    const flat = tensor1d([2, 2, 2])
    const one = gradientOf(squaredHingeRank({ tau: 'one' }), labels, flat)
    expect(gradientOf(squaredHingeRank({ tau: 'deviation' }), labels, flat)).toEqual(one)
    expect(one.value).toBeCloseTo(1, 6)
  })

  it('squaredHingeRank lets the terms of two classes mirror each other', () => {
    const labels = tensor1d([0, 1, 0, 1, 0])
    const scores = tensor1d([0.3, -0.4, 1.7, 0.9, -1.3])
    const of = (lambda: [number, number] | number) =>
      gradientOf(squaredHingeRank({ lambda }), labels, scores)
    expect(distance(of([1, 3]).gradient, of(2).gradient)).toBeLessThan(1e-6)
    expect(distance(of([4, 0]).gradient, of([0, 4]).gradient)).toBeLessThan(1e-6)
  })

  it('squaredHingeRank weighs each side of each class', () => {
    const labels = tensor1d([1, 0])
    const scores = tensor1d([-1, 1]) // both hinges are 2
    const of = (positives: number, negatives: number) => {
      const lambda = [
        { positives: negatives, negatives: positives },
        { positives, negatives },
      ]
      return lossOf(squaredHingeRank({ lambda }), labels, scores)
    }
    expect(of(5, 0)).toBeCloseTo((5 * 4) / 2, 5)
    expect(of(0, 3)).toBeCloseTo((3 * 4) / 2, 5)
    const onlyClassTwo = squaredHingeRank({ lambda: [0, 0, 6] })
    const columns = tensor([3, 1, 0, 0, 2, 1, 2, 2, 1], [3, 3])
    const right = lossOf(onlyClassTwo, tensor1d([0, 1, 0]), columns)
    expect(right).toBe(0) // class 2 is absent
    expect(lossOf(onlyClassTwo, tensor1d([0, 1, 2]), columns)).toBeGreaterThan(0.1)
  })

  it('squaredHingeRank of three classes depends on no constant added to a sample, and shifts no class as a whole', () => {
    const labels = tensor1d([0, 1, 2, 0, 0, 1])
    const scores = [1, 2, 0, 0.5, -1, 3, 0.2, 0.1, -2, 1, 1, 0, 2, 0, 1, -1, 0.3, 0.4]
    const loss = squaredHingeRank({ lambda: [1, 2, 4] })
    const { value, gradient } = gradientOf(loss, labels, tensor(scores, [6, 3]))
    const moved = scores.map((score, i) => score + Math.floor(i / 3))
    expect(lossOf(loss, labels, tensor(moved, [6, 3]))).toBeCloseTo(value, 4)
    for (let o = 0; o < 6; o++)
      expect(Math.abs(sum(gradient.slice(3 * o, 3 * o + 3)))).toBeLessThan(1e-6)
    const flat = gradientOf(loss, labels, tensor(new Array(18).fill(1), [6, 3])).gradient
    for (const c of [0, 1, 2]) {
      const column = flat.filter((_, i) => i % 3 === c)
      expect(Math.abs(sum(column))).toBeLessThan(1e-6)
      expect(sum(column.map(Math.abs))).toBeGreaterThan(0.1)
    }
  })

  it('squaredHingeRank recovers the log-odds from probabilities', () => {
    const labels = tensor1d([0, 1, 0, 1])
    const scores = [0.3, -0.4, 1.7, 0.9]
    const wanted = lossOf(squaredHingeRank(), labels, tensor1d(scores))
    const p = scores.map((score) => 1 / (1 + Math.exp(-score)))
    const loss = squaredHingeRank({ output: 'probabilities' })
    expect(lossOf(loss, labels, tensor1d(p))).toBeCloseTo(wanted, 4)
    expect(
      lossOf(
        loss,
        labels,
        tensor(
          p.flatMap((one) => [1 - one, one]),
          [4, 2],
        ),
      ),
    ).toBeCloseTo(wanted, 4)
  })

  it('squaredHingeRank takes [n, 1] like [n]', () => {
    const scores = tensor1d([0.3, -0.4, 1.7])
    const flat = gradientOf(squaredHingeRank(), tensor1d([0, 1, 0]), scores)
    expect(gradientOf(squaredHingeRank(), tensor1d([0, 1, 0]), reshape(scores, [3, 1]))).toEqual(
      flat,
    )
  })

  it("squaredHingeRank remembers its settings and not the caller's list", () => {
    const lambda = [1, { positives: 2, negatives: 3 }]
    const loss = squaredHingeRank({ lambda, tau: 'deviation' })
    lambda[0] = 9
    const settings = {
      lambda: [1, { positives: 2, negatives: 3 }],
      positiveClass: 1,
      tau: 'deviation',
      output: 'auto',
    }
    expect(loss.settings).toEqual(settings)
  })

  it('squaredHingeRank rejects a lambda that is not finite and at least 0, and an unknown tau', () => {
    const cannot = 'Cannot make squaredHingeRank: expected'
    const make = (lambda: unknown) => () => squaredHingeRank({ lambda: lambda as number })
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `to be a finite number of at least 0, got ${wrong}`
      expect(make(wrong)).toThrow(new RangeError(`${cannot} lambda ${message}`))
      expect(make([1, wrong])).toThrow(new RangeError(`${cannot} lambda[1] ${message}`))
      const sides = [{ positives: 1, negatives: wrong }, 1]
      expect(make(sides)).toThrow(new RangeError(`${cannot} lambda[0].negatives ${message}`))
    }
    const message = 'to be a finite number of at least 0, got undefined'
    expect(make([{ negatives: 1 }, 1])).toThrow(
      new TypeError(`${cannot} lambda[0].positives ${message}`),
    )
    expect(make([1])).toThrow(new TypeError(`${cannot} lambda to hold one entry per class, got 1`))
    expect(make({ positives: 1, negatives: 1 })).toThrow(TypeError)
    const tau = () => squaredHingeRank({ tau: 'two' as 'one' })
    expect(tau).toThrow(new RangeError(`${cannot} tau to be 'one' or 'deviation', got "two"`))
  })

  it('squaredHingeRank rejects a list that is not as long as the classes are many', () => {
    const loss = squaredHingeRank({ lambda: [1, 2] })
    const message =
      'Cannot compute squaredHingeRank: expected one lambda for each of 3 classes, got 2'
    expect(() => loss(tensor1d([1]), tensor([1, 2, 3], [1, 3]))).toThrow(new TypeError(message))
  })
})
