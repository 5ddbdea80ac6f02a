import { memory, type Tensor2D, tensor1d, tensor2d, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, prune, weightedCrossentropy } from 'tfjs-prune'
import {
  type ClassBudget,
  falseNegativeBudget,
  forLabel,
  squaredHingeRank,
  sumOf,
} from 'tfjs-prune/losses'
import { beforeAll, describe, expect, it } from 'vitest'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'

const free = { stepSize: 4, decay: 1, maximumMultiplier: 100 }
const rate = (group: number): ClassBudget => ({
  ...{ positiveClass: 1, group, maximumFalseNegativeRate: 0, ...free },
})

describe('falseNegativeBudget of groups', () => {
  it('falseNegativeBudget measures the misses of a class in each group', () => {
    const dense = { positiveClass: 1, of: 'dense', ...free } as const
    const loss = falseNegativeBudget([
      { ...dense, group: 0, slack: 0.25 },
      { ...dense, group: 3 },
    ])
    const labels = [1, 1, 1, 1, 0, 0]
    const groups = [0, 0, 3, 3, 0, 3]
    loss.compareWith({ labels, groups, predictions: [1, 1, 1, 1, 0, 0] })
    loss.update({ labels, groups, predictions: [1, 0, 0, 0, 1, 1] })
    expect(loss.feasibility).toMatchObject([
      { group: 0, rate: 0.5, dense: 0, limit: 0.25, multiplier: 1, state: 'open' },
      { group: 3, rate: 1, dense: 0, limit: 0, multiplier: 4, state: 'open' },
    ])
    expect(loss.feasibility[1]!.reason).toBe('budget 0 of class 1 in group 3: not met yet, with 1')
    expect(loss.multipliers).toEqual({})
    loss.update({ labels, groups, predictions: [1, 1, 0, 0, 0, 0] })
    expect(loss.feasibility.map(({ state }) => state)).toEqual(['met', 'open'])
  })

  it.each(['logits', 'probabilities'] as const)(
    'falseNegativeBudget weighs the samples of a group by the multipliers of group and class, of %s',
    (output) => {
      const whole = { positiveClass: 1, maximumFalseNegativeRate: 0.5, ...free }
      const loss = falseNegativeBudget([whole, rate(2)], { output })
      const [labels, groups] = [
        [1, 1, 0, 1],
        [2, 0, 2, 7],
      ]
      loss.update({ labels, groups, predictions: [0, 0, 0, 0] })
      expect(loss.multipliers).toEqual({ 1: 2 }) // 4 (1 - 0.5), and 4 of the group
      const p = [0.3, 0.6, 0.2, 0.9]
      const rows = tensor2d(labels.map((label, i) => [label, groups[i]!]))
      const scores = output === 'logits' ? p.map((one) => Math.log(one / (1 - one))) : p
      const [value] = loss(rows, tensor1d(scores)).dataSync()
      // The largest weights are 1 and 1 + 2 + 4, and are scaled to a sum of 2.
      const weights = [7, 3, 1, 3].map((weight) => weight / 4)
      const cost = labels.reduce(
        (all, label, i) => all - weights[i]! * Math.log(label === 1 ? p[i]! : 1 - p[i]!),
        0,
      )
      expect(value).toBeCloseTo(cost / 4, 5)
    },
  )

  it('falseNegativeBudget of a group that is the whole class equals that of the class', () => {
    const loss = falseNegativeBudget(rate(0), { plus: squaredHingeRank({ lambda: 5 }) })
    const of = falseNegativeBudget(
      { ...free, positiveClass: 1, maximumFalseNegativeRate: 0 },
      { plus: squaredHingeRank({ lambda: 5 }) },
    )
    const [labels, groups] = [
      [1, 0, 2, 1],
      [0, 0, 0, 0],
    ]
    const measured = { labels, predictions: [0, 0, 2, 1] }
    loss.update({ ...measured, groups })
    of.update(measured)
    const scores = tensor2d([1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 0, 1], [4, 3])
    const rows = tensor2d(labels.map((label) => [label, 0]))
    const [value] = loss(rows, scores).dataSync()
    expect(value).toBeCloseTo(of(tensor1d(labels), scores).dataSync()[0]!, 5)
    expect(value).not.toBeCloseTo(weightedCrossentropy()(tensor1d(labels), scores).dataSync()[0]!)
  })

  it('falseNegativeBudget of groups leaves no tensors and goes on from its memory', () => {
    const [one, other] = [falseNegativeBudget([rate(1)]), falseNegativeBudget([rate(1)])]
    one.update({ labels: [1, 1], predictions: [0, 1], groups: [1, 1] })
    other.memory.write(JSON.parse(JSON.stringify(one.memory.read())))
    expect(other.feasibility).toEqual(one.feasibility)
    const [rows, scores] = [tensor2d([[1, 1]]), tensor1d([0.5])]
    const before = memory().numTensors
    one(rows, scores).dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('fit with budgets of groups', () => {
  // Group 1 has one positive in six, which lie among the negatives.
  const classes = Array.from({ length: 96 }, (_, i) => Number(i % 3 === 0))
  const groups = classes.map((label, i) => Number(label === 1 ? i % 18 === 0 : i % 2 === 0))
  let xs: Tensor2D
  let ys: Tensor2D
  beforeAll(() => {
    const rows = classes.map((label, i) => {
      const hard = label === 1 && groups[i] === 1
      return [hard ? -2 : 3 * label - 2, Math.sin(7 * i), Math.cos(5 * i)]
    })
    xs = tensor2d(rows)
    ys = tensor2d(classes.map((label, i) => [label, groups[i]!]))
  })
  const network = (): LayersModel => {
    const hidden = layers.dense({ units: 6, activation: 'relu', inputShape: [3] })
    return fillWeights(sequential({ layers: [hidden, layers.dense({ units: 2 })] }), 4)
  }
  const run = (model: LayersModel, budgets: readonly ClassBudget[], data: object = { xs, ys }) =>
    prune(model, {
      train: fit(data as { xs: Tensor2D; ys: Tensor2D }, {
        loss: falseNegativeBudget(budgets),
        optimizer: () => train.momentum(0.05, 0.9),
        epochs: 12,
      }),
      evaluate: evaluateOn({ xs, ys: classes }, { positiveClass: 1 }),
      schedule: [1, 0.5],
    })
  const missedIn = async (model: LayersModel, group: number) => {
    const { labels, predictions } = await evaluateOn(
      { xs, ys: classes },
      { positiveClass: 1 },
    )(model)
    const own = groups.flatMap((one, i) => (one === group && labels![i] === 1 ? [i] : []))
    return own.filter((i) => predictions![i] !== 1).length / own.length
  }

  it('fit reads groups from the labels, holds each against the dense network, and reports it', async () => {
    const of = { positiveClass: 1, of: 'dense', slack: 0.05 } as const
    const model = network()
    const { rounds } = await run(model, [
      { ...of, group: 0 },
      { ...of, group: 1 },
    ])
    const budgets = rounds[1]!.budgets!
    expect(budgets.map(({ group }) => group)).toEqual([0, 1])
    const [easy, hard] = budgets
    expect(easy!.dense).toBeLessThan(1)
    expect(easy!.limit).toBeCloseTo(easy!.dense! + 0.05, 12)
    expect(hard).toMatchObject({ dense: 1, state: 'infeasible' })
    expect(hard!.limit).toBeUndefined()
    expect(hard!.reason).toContain('misses all')
    expect(rounds[1]!.budgets![1]!.rate).toBe(await missedIn(model, 1))
    expect(rounds[1]!.budgets![0]!.rate).toBe(await missedIn(model, 0))
    model.dispose()
  })

  it('fit misses fewer of a group that has a budget', async () => {
    const missed: number[] = []
    for (const maximum of [0, 40]) {
      const model = network()
      const budget = { positiveClass: 1, group: 1, maximumFalseNegativeRate: 0 }
      await run(model, [{ ...budget, maximumMultiplier: maximum, stepSize: 40, patience: 1 }])
      missed.push(await missedIn(model, 1))
      model.dispose()
    }
    expect(missed[1]).toBeLessThan(missed[0]!)
  })

  it('fit reads groups from the batches of a dataset, and from the evaluation of measure', async () => {
    const batch = () => ({ xs: xs.clone(), ys: ys.clone() })
    const data = {
      size: 1,
      iterator: async () => {
        let first = true
        const next = async () => {
          const done = !first
          first = false
          return done ? { done, value: null } : { done, value: batch() }
        }
        return { next }
      },
    }
    const base = evaluateOn({ xs, ys: classes }, { positiveClass: 1 })
    const model = network()
    const { rounds } = await prune(model, {
      train: fit(data as never, {
        loss: falseNegativeBudget([rate(0), rate(1)]),
        measure: async (one, context) => Object.assign(await base(one, context), { groups }),
        optimizer: () => train.momentum(0.05, 0.9),
        epochs: 3,
      }),
      evaluate: base,
      schedule: [1],
    })
    const [newer, older] = rounds[0]!.budgets!
    expect(newer!.rate).toBe(await missedIn(model, 0))
    expect(older!.rate).toBe(await missedIn(model, 1))
    model.dispose()
  })

  it('fit refuses labels that hold no groups, or none that a budget is of', async () => {
    const model = network()
    const refused = (data: object, budget = rate(1)) =>
      lateRefusalOf(async () => {
        try {
          await run(model, [budget], data)
        } catch (error) {
          throw (error as Error).cause ?? error
        }
      })
    expect(await refused({ xs, ys: classes })).toMatch(
      /^TypeError: .+ rows \[class, group\] as labels, got class indices alone$/,
    )
    const oneHot = tensor2d(classes.map((label) => [1 - label, label]))
    expect(await refused({ xs, ys: oneHot })).toMatch(
      /^RangeError: .+ rows \[class, group\] as labels, got one-hot rows$/,
    )
    expect(await refused({ xs, ys }, rate(5))).toMatch(
      /^RangeError: .+ a sample of class 1 in group 5, got none$/,
    )
    const half = tensor2d(classes.map((label, i) => [label, groups[i]! + 0.5]))
    expect(await refused({ xs, ys: half })).toMatch(/^RangeError: .+ whole numbers as groups/)
    for (const one of [oneHot, half]) one.dispose()
    model.dispose()
  })
})

describe('falseNegativeBudget of groups, given what it cannot use', () => {
  it('falseNegativeBudget refuses measurements without groups', () => {
    const loss = falseNegativeBudget([rate(1)])
    const refused = (measured: object) => refusalOf(() => loss.update(measured as never))
    expect(refused([0, 1])).toMatch(/^TypeError: .+ predictions and groups for class 1 in group 1/)
    const [labels, predictions] = [
      [1, 0],
      [1, 0],
    ]
    expect(refused({ labels, predictions })).toMatch(/^TypeError: .+, got labels, predictions$/)
    expect(refused({ falseNegativeRate: 0.5 })).toMatch(/^TypeError/)
    expect(refused({ labels, predictions, groups: [1] })).toMatch(
      /^TypeError: .+ a group for each of 2 samples, got 1$/,
    )
    for (const groups of [
      ['1', '1'],
      [true, true],
      [1, 0.5],
      [1, Number.NaN],
      [1, -1],
    ])
      expect(refused({ labels, predictions, groups })).toMatch(
        /expected group \d to be a whole number of at least 0, got /,
      )
    expect(loss.feasibility[0]!.multiplier).toBe(0)
  })

  it('falseNegativeBudget refuses two budgets of a group, groups that are none, and other labels', () => {
    expect(refusalOf(() => falseNegativeBudget([rate(1), rate(1)]))).toMatch(
      /^RangeError: .+ one budget for class 1 in group 1, got two$/,
    )
    expect(refusalOf(() => falseNegativeBudget([rate(-1)]))).toMatch(/^RangeError/)
    expect(refusalOf(() => falseNegativeBudget([rate('old' as never)]))).toMatch(/^TypeError/)
    const loss = falseNegativeBudget([rate(1)])
    expect(refusalOf(() => loss(tensor1d([1, 0]), tensor1d([0, 0])))).toMatch(
      /^TypeError: .+ yTrue of rows \[class, group\], of shape \[n, 2\], got \[2\]$/,
    )
  })

  it('sumOf and forLabel refuse a loss whose labels hold groups', () => {
    const loss = falseNegativeBudget([rate(1)])
    expect(refusalOf(() => sumOf(loss, squaredHingeRank({ lambda: 5 })))).toMatch(
      /^RangeError: .+ got one of groups: falseNegativeBudget takes others as plus$/,
    )
    expect(refusalOf(() => forLabel(loss, 0))).toMatch(/^RangeError: .+ got one of groups$/)
  })
})
