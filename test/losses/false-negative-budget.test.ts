import {
  memory,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  train,
} from '@tensorflow/tfjs-core'
import { evaluateOn, fit, prune, type Round, weightedCrossentropy } from 'tfjs-prune'
import {
  type FalseNegativeBudget,
  falseNegativeBudget,
  squaredHingeRank,
  sumOf,
} from 'tfjs-prune/losses'
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
  const rates = (loss: FalseNegativeBudget, path: readonly number[]) =>
    path.map((rate) => {
      loss.update([0, rate])
      return Number(loss.multipliers[1]!.toFixed(9))
    })

  it('falseNegativeBudget raises the multiplier above the budget and lowers it below, ever less', () => {
    const loss = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0.1,
      ...{ stepSize: 10, decay: 0.5, maximumMultiplier: 25 },
    })
    // The pace is 1, 1/2, 1/4, 1/8 and 1/16; NaN is no update. Met, a fifth of the pace is lost.
    const path = [4, 5.5, 5.5, 6, 6 * 0.975, 6 * 0.975 + 5 / 16]
    expect(rates(loss, [0.5, 0.4, Number.NaN, 0.3, 0.1, 0.9])).toEqual(path)
  })

  it('falseNegativeBudget begins anew where the budget is met and the recovery is 0', () => {
    const loss = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0.1,
      ...{ start: 2, recovery: 0, decay: 1 },
    })
    expect(rates(loss, [0.12, 0.1, 0.12])).toEqual([2.2, 0, 0.2])
  })

  it.each([0.2, 0.5, 1])(
    'falseNegativeBudget never runs to the maximum where the rate stays at %d, and says so',
    (rate) => {
      const loss = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.02 })
      const path = rates(loss, Array(30).fill(rate))
      expect(Math.max(...path)).toBeGreaterThan(1)
      expect(Math.max(...path)).toBeLessThan(4)
      expect(path.slice(3)).toEqual(Array(27).fill(path[3]))
      expect(loss.feasibility).toEqual([
        {
          ...{ positiveClass: 1, state: 'infeasible', limit: 0.02, rate },
          multiplier: expect.closeTo(path[3]!, 6),
          reason: `budget 0.02 of class 1: out of reach, with ${rate} after 29 updates without progress`,
        },
      ])
      loss.update([0, rate / 2])
      expect(loss.feasibility[0]!.state).toBe('open')
      expect(loss.multipliers[1]).toBeGreaterThan(path[3]!)
    },
  )

  it('falseNegativeBudget does not let one bad epoch leap', () => {
    const loss = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.02 })
    expect(rates(loss, [1, 0, 0])).toEqual([
      0.8,
      0.8 * 0.82,
      Number((0.8 * 0.82 * 0.838).toFixed(9)),
    ])
  })

  it('falseNegativeBudget holds a class against the dense network', () => {
    const loss = falseNegativeBudget([
      { positiveClass: 1, of: 'dense', slack: 0.1, stepSize: 2 },
      { positiveClass: 0, of: 'dense', stepSize: 2 },
    ])
    loss.update([1, 1])
    expect(loss.multipliers).toEqual({ 0: 0, 1: 0 })
    expect(loss.feasibility.map(({ state }) => state)).toEqual(['unmeasured', 'unmeasured'])
    // A quarter of class 1 and none of class 0 is missed by the dense network.
    loss.compareWith({ labels: [1, 1, 1, 1, 0], predictions: [1, 1, 1, 0, 0] })
    loss.update([0.125, 0.5])
    expect(loss.multipliers).toEqual({ 0: 0.25, 1: expect.closeTo(0.3, 12) })
    loss.update([0.125, 0.35])
    expect(loss.multipliers[1]).toBeCloseTo(0.3 * 0.82, 12)
    expect(loss.feasibility).toMatchObject([
      { state: 'met', limit: 0.35, dense: 0.25, rate: 0.35 },
      { state: 'open', limit: 0, dense: 0, rate: 0.125 },
    ])
  })

  it('falseNegativeBudget names a budget below the rate of the dense network', () => {
    const loss = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.02 })
    loss.compareWith([0, 0.045])
    expect(loss.feasibility[0]!.reason).toBe(
      'budget 0.02 of class 1, below the 0.045 of the dense network: nothing is measured',
    )
    loss.update([0, 0.3])
    expect(loss.feasibility[0]!.reason).toContain('below the 0.045 of the dense network: not met')
    loss.compareWith([0, 0.01])
    expect(loss.feasibility[0]!.reason).toBe('budget 0.02 of class 1: not met yet, with 0.3')
  })

  it('falseNegativeBudget does not take a dense network that misses all for a budget', () => {
    const loss = falseNegativeBudget([
      { positiveClass: 1, of: 'dense', slack: 0.1, start: 1 },
      { positiveClass: 0, of: 'dense', slack: 0.1 },
    ])
    loss.compareWith([0.9375, 1])
    loss.update([0.9375, 1])
    expect(loss.multipliers).toEqual({ 0: 0, 1: 1 })
    expect(loss.feasibility.map(({ state, limit }) => [state, limit])).toEqual([
      ['infeasible', undefined],
      ['met', 1],
    ])
    expect(loss.feasibility[0]!.reason).toBe(
      'budget of class 1: the dense network, which it is compared with, misses all',
    )
  })

  it('falseNegativeBudget goes on from its memory', () => {
    const make = () => falseNegativeBudget({ positiveClass: 1, of: 'dense', slack: 0.1 })
    const [one, other] = [make(), make()]
    one.compareWith([0, 0.1])
    rates(one, [0.9, 0.5])
    other.memory.write(JSON.parse(JSON.stringify(one.memory.read())))
    expect(rates(other, [0.45, 0.45, 0.45])).toEqual(rates(one, [0.45, 0.45, 0.45]))
    expect(other.feasibility).toEqual(one.feasibility)
  })

  it('falseNegativeBudget weighs each class by 1 plus its multiplier', () => {
    const free = { stepSize: 4, decay: 1, maximumMultiplier: 100 }
    const loss = falseNegativeBudget([
      { positiveClass: 1, maximumFalseNegativeRate: 0, ...free },
      { positiveClass: 0, maximumFalseNegativeRate: 0.5, ...free, recovery: 1 },
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
      {
        ...{ positiveClass: 1, maximumFalseNegativeRate: 0, stepSize: 0, recovery: 1 },
        ...{ start: gamma, patience: 9 },
      },
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
      { positiveClass: 1, maximumFalseNegativeRate: 0, start: 9, maximumMultiplier: 9 },
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
    [() => falseNegativeBudget({ positiveClass: 1 }), TypeError],
    [
      () => falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1, of: 'dense' }),
      TypeError,
    ],
    [
      () => falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1, slack: 0.1 }),
      TypeError,
    ],
    [() => falseNegativeBudget({ positiveClass: 1, of: 'dense', decay: 0 }), RangeError],
    [() => falseNegativeBudget({ positiveClass: 1, of: 'dense', patience: 0 }), RangeError],
    [() => falseNegativeBudget({ positiveClass: 1, of: 'dense', start: 5 }), RangeError],
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

  it('fit holds a class against the dense network of the run, and tells the end of each round', async () => {
    const data = imbalancedSamples(40)
    const model = smallNetwork()
    const measured: number[][] = []
    const evaluate = evaluateOn(data, { positiveClass: 1 })
    const loss = falseNegativeBudget({ positiveClass: 1, of: 'dense', slack: 0.05 })
    const { rounds } = await prune(
      model,
      quickRun(data, {
        schedule: [1, 0.25],
        training: {
          loss,
          measure: async (of) => {
            const evaluation = await evaluate(of)
            measured.push([...evaluation.scores!])
            return evaluation
          },
        },
      }),
    )
    const [dense, sparse] = rounds.map(({ budgets }) => budgets![0]!)
    const { falseNegativeRate } = (await evaluate(model)) as { falseNegativeRate: number }
    expect(dense!.state).toBe('unmeasured')
    expect(sparse).toMatchObject({ dense: dense!.rate, rate: falseNegativeRate })
    expect(sparse!.limit).toBeCloseTo(dense!.rate! + 0.05, 12)
    // Once an epoch, and before round 1 the dense network again: the same scores as at its end.
    const epochs = (measured.length - 1) / 2
    expect(measured[epochs]).toEqual(measured[epochs - 1])
    model.dispose()
    data.xs.dispose()
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
