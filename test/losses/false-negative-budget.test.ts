import {
  memory,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  train,
} from '@tensorflow/tfjs-core'
import { evaluateOn, fit, prune, type Round, weightedCrossentropy } from 'tfjs-prune'
import { falseNegativeBudget, squaredHingeRank, sumOf } from 'tfjs-prune/losses'
import { beforeAll, describe, expect, it } from 'vitest'
import { imbalancedSamples, quickRun, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'

let labels: Tensor1D
let scores: Tensor2D
beforeAll(() => {
  labels = tensor1d([1, 0, 0, 1])
  scores = tensor2d([
    [1, -1],
    [2, 0.5],
    [-1, 3],
    [0, 4],
  ])
})

describe('falseNegativeBudget', () => {
  it('falseNegativeBudget raises the multiplier above the budget, lowers it below, and never under 0 or over its maximum', () => {
    const loss = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0.1,
      stepSize: 10,
      maximumMultiplier: 6,
    })
    const path = [0.5, 0.5, Number.NaN, 0, 0, 0, 0, 0, 0, 0].map((rate) => {
      loss.update([0, rate])
      return Number(loss.multipliers[1]!.toFixed(9))
    })
    expect(path).toEqual([4, 6, 6, 5, 4, 3, 2, 1, 0, 0])
  })

  it('falseNegativeBudget weighs each class by 1 plus its multiplier', () => {
    const loss = falseNegativeBudget([
      { positiveClass: 1, maximumFalseNegativeRate: 0, stepSize: 4 },
      { positiveClass: 0, maximumFalseNegativeRate: 0.5, stepSize: 4 },
    ])
    const plain = weightedCrossentropy()(labels, scores).dataSync()[0]
    expect(loss(labels, scores).dataSync()[0]).toBe(plain)
    loss.update({ labels: [1, 1, 0, 0], predictions: [0, 1, 1, 1] }) // 0.5 of class 1 and all of class 0 missed
    expect(loss.multipliers).toEqual({ 0: 2, 1: 2 })
    loss.update([0.5, 1])
    expect(loss.multipliers).toEqual({ 0: 2, 1: 6 })
    const wanted = weightedCrossentropy({ weights: [3, 7] })(labels, scores).dataSync()[0]!
    expect(loss(labels, scores).dataSync()[0]).toBeCloseTo(wanted, 6)
  })

  it('falseNegativeBudget has the gamma of the paper as a special case', () => {
    const gamma = (round: number) => (round === 0 ? 0 : 4)
    const rank = squaredHingeRank({ lambda: 5 })
    const budget = falseNegativeBudget(
      { positiveClass: 1, maximumFalseNegativeRate: 0, stepSize: 0, start: gamma },
      { plus: rank },
    )
    for (const [round, weights] of [1, 5, 5].entries()) {
      const loss = budget.atRound(round)
      loss.update([0, 1]) // step 0: nothing moves
      const wanted = sumOf(weightedCrossentropy({ weights }), rank)(labels, scores).dataSync()[0]!
      expect(loss(labels, scores).dataSync()[0]).toBeCloseTo(wanted, 5)
    }
  })

  it('falseNegativeBudget is finite for batches of one class and of one sample, and leaves no tensor', () => {
    const loss = falseNegativeBudget(
      { positiveClass: 1, maximumFalseNegativeRate: 0, start: 9 },
      { plus: squaredHingeRank({ lambda: 5 }) },
    )
    const before = memory().numTensors
    for (const batch of [[0], [1], [0, 0, 0]]) {
      const [ys, outputs] = [tensor1d(batch), tensor2d(batch.map((_, i) => [50 * i, -50]))]
      const value = loss(ys, outputs)
      expect(Number.isFinite(value.dataSync()[0])).toBe(true)
      for (const one of [ys, outputs, value]) one.dispose()
    }
    expect(memory().numTensors).toBe(before)
  })

  it.each([
    [() => falseNegativeBudget([]), TypeError],
    [() => falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 1 }), RangeError],
    [() => falseNegativeBudget({ positiveClass: -1, maximumFalseNegativeRate: 0.1 }), RangeError],
    [
      () =>
        falseNegativeBudget({
          positiveClass: 1,
          maximumFalseNegativeRate: 0.1,
          stepSize: Number.POSITIVE_INFINITY,
        }),
      RangeError,
    ],
    [
      () =>
        falseNegativeBudget(
          [1, 1].map((index) => ({ positiveClass: index, maximumFalseNegativeRate: 0.1 })),
        ),
      RangeError,
    ],
    [
      () => falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 }).update([0]),
      RangeError,
    ],
    [
      () =>
        falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 }).update([0, 1.5]),
      RangeError,
    ],
    [
      () =>
        falseNegativeBudget({ positiveClass: 2, maximumFalseNegativeRate: 0.1 })(labels, scores),
      RangeError,
    ],
  ])('falseNegativeBudget rejects bad input: %#', (work, kind) => {
    expect(work).toThrow(kind)
    expect(work).toThrow(/^Cannot .*: expected .*, got /)
  })
})

describe('fit with falseNegativeBudget', () => {
  /**
   * One feature, classes that overlap: a threshold that misses few of the five positives costs
   * false alarms.
   */
  let xs: Tensor2D
  beforeAll(() => {
    xs = tensor2d(
      Array.from({ length: 60 }, (_, i) => (i < 10 ? i / 10 : (i - 40) / 20)).map((x) =>
        Array(6).fill(x),
      ),
    )
  })
  const ys = Int32Array.from({ length: 60 }, (_, i) => Number(i < 10))
  const missRate = async (loss: Parameters<typeof fit>[1]['loss']) => {
    const model = smallNetwork()
    const optimizer = () => train.momentum(0.02, 0.9)
    const training = fit({ xs, ys }, { optimizer, epochs: 120, clipNorm: 5, ...(loss && { loss }) })
    const { rounds } = await prune(model, {
      train: training,
      evaluate: evaluateOn({ xs, ys }, { positiveClass: 1 }),
      schedule: [1],
    })
    model.dispose()
    return rounds[0]!.evaluation.falseNegativeRate
  }

  it('fit meets a budget on its own data that plain cross-entropy misses', async () => {
    expect(await missRate(weightedCrossentropy())).toBeGreaterThan(0.3)
    expect(
      await missRate(falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 })),
    ).toBeLessThanOrEqual(0.1)
  })

  it('fit repeats itself, and a resumed run equals one without a break', async () => {
    const data = imbalancedSamples(40)
    const run = async (resume: readonly Round[] = []) => {
      const model = smallNetwork()
      const loss = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0 })
      const { rounds } = await prune(
        model,
        quickRun(data, { schedule: [1, 0.5, 0.25], training: { loss }, resume }),
      )
      const bits = weightBits(model)
      model.dispose()
      return { rounds, bits }
    }
    const whole = await run()
    expect((await run()).bits).toEqual(whole.bits)
    expect((await run(whole.rounds.slice(0, 2))).bits).toEqual(whole.bits)
    data.xs.dispose()
  })

  it('fit rejects an option that does not exist, by name', async () => {
    const options = { optimizer: () => train.sgd(0.1), epochs: 1, clipnorm: 5 }
    expect(await lateRefusalOf(async () => fit({ xs, ys }, options))).toMatch(
      /^TypeError: Cannot .*got clipnorm/,
    )
  })
})
