import { sigmoid, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { type Loss, paper, weightedCrossentropy } from 'tfjs-prune'
import {
  asymmetric,
  aucPairwise,
  byEpoch,
  distillation,
  falseNegativeBudget,
  focal,
  forLabel,
  perLabel,
  squaredHingeRank,
  sumOf,
} from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { refusalOf } from '../support/refusal-of.js'
import { gradientOf } from './gradient-of.js'

const rows = [
  [1, 1, 0],
  [0, 1, 1],
  [1, 0, 0],
  [0, 0, 0],
  [1, 1, 1],
  [0, 1, 0],
]
const outputs = [
  [0.5, -1, 2],
  [-0.3, 0.2, 1],
  [2, 1.5, -0.4],
  [0.1, -2, -1],
  [1, 0.7, 0.3],
  [-1, 3, 0.6],
]
const ys = () => tensor2d(rows)
const zs = () => tensor2d(outputs)
const column = (all: readonly (readonly number[])[], label: number) =>
  tensor1d(all.map((row) => row[label]!))
const costOf = (loss: Loss, y = ys(), z = zs()) => loss(y, z).dataSync()[0]!

/** Mean of -log p of the right side, by plain numbers. */
const crossentropy = (label: number) =>
  rows.reduce((sum, row, i) => {
    const z = outputs[i]![label]!
    return sum + Math.log1p(Math.exp(row[label] === 1 ? -z : z)) / rows.length
  }, 0)

const parts: Record<string, () => Loss> = {
  weightedCrossentropy: () => weightedCrossentropy({ weights: 3 }),
  focal: () => focal({ focusing: 1 }),
  asymmetric: () => asymmetric(),
  squaredHingeRank: () => squaredHingeRank({ lambda: 2 }),
  'a sum': () => sumOf(weightedCrossentropy(), squaredHingeRank()),
  'a loss of a user': () => (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred),
}

describe('losses of a head with several labels', () => {
  test('forLabel and perLabel are the cross-entropies of their columns', () => {
    const own = [0, 1, 2].map(crossentropy)
    for (const label of [0, 1, 2])
      expect(costOf(forLabel(weightedCrossentropy(), label))).toBeCloseTo(own[label]!, 6)
    const mean = (own[0]! + own[1]! + own[2]!) / 3
    expect(costOf(perLabel(weightedCrossentropy()))).toBeCloseTo(mean, 6)
    const weighted = perLabel(weightedCrossentropy(), { labelWeights: [1, 0, 4] })
    expect(costOf(weighted)).toBeCloseTo((own[0]! + 4 * own[2]!) / 5, 6)
  })

  test.each(Object.entries(parts))(
    '%s of labels has the values and gradients of one output',
    (_, make) => {
      const alone = [0, 1, 2].map((label) =>
        gradientOf(make(), column(rows, label), column(outputs, label)),
      )
      for (const label of [0, 1, 2]) {
        const { value, gradient } = gradientOf(forLabel(make(), label), ys(), zs())
        expect(value).toBeCloseTo(alone[label]!.value, 6)
        for (const [i, slope] of gradient.entries()) {
          const wanted = i % 3 === label ? alone[label]!.gradient[Math.floor(i / 3)]! : 0
          expect(slope).toBeCloseTo(wanted, 6)
        }
      }
      const all = gradientOf(perLabel(make()), ys(), zs())
      const mean = alone.reduce((sum, { value }) => sum + value / 3, 0)
      expect(all.value).toBeCloseTo(mean, 5)
      for (const [i, slope] of all.gradient.entries())
        expect(slope).toBeCloseTo(alone[i % 3]!.gradient[Math.floor(i / 3)]! / 3, 6)
    },
  )

  test('they follow the output: sigmoids of the logits cost the same', () => {
    const p = () => sigmoid(zs()) as Tensor2D
    for (const loss of [forLabel(weightedCrossentropy(), 2), perLabel(focal())]) {
      const { forOutput } = loss
      expect(costOf(forOutput!('logits'))).toBe(costOf(loss))
      expect(costOf(forOutput!('probabilities'), ys(), p())).toBeCloseTo(costOf(loss), 5)
    }
    const told = perLabel(weightedCrossentropy({ output: 'probabilities' }))
    expect(told.forOutput).toBeUndefined()
    expect(costOf(told, ys(), p())).toBeCloseTo(costOf(perLabel(weightedCrossentropy())), 5)
  })

  test('settings tell the loss and its labels', () => {
    const own = weightedCrossentropy({ weights: 2 }).settings
    expect(forLabel(weightedCrossentropy({ weights: 2 }), 1).settings).toEqual({ ...own, label: 1 })
    const loss = perLabel(weightedCrossentropy({ weights: 2 }), { labelWeights: [1, 2] })
    expect(loss.settings).toEqual({ ...own, labelWeights: [1, 2], label: 'all' })
  })

  test('schedules stay schedules', () => {
    const schedule = perLabel(paper.black())
    expect(typeof schedule).toBe('object')
    expect([0, 1].map((round) => schedule.atRound(round).settings?.gamma)).toEqual([1, 5])
    expect(costOf(schedule.atRound(0))).toBeCloseTo(costOf(perLabel(paper.black().atRound(0))), 6)
    const late = forLabel(
      byEpoch((epoch) => weightedCrossentropy({ weights: 1 + epoch })),
      2,
    )
    const { weights, label } = late.atEpoch!(3, 0).settings!
    expect([weights, label]).toEqual([4, 2])
  })

  test('a budget of one label learns from evaluations of that label alone', () => {
    const budget = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0,
      ...{ stepSize: 4, decay: 1, maximumMultiplier: 100 },
    })
    const loss = forLabel(budget, 2)
    const before = costOf(loss)
    loss.update({ labels: [1, 1, 0], predictions: [0, 1, 0], positiveClass: 1 })
    expect(budget.multipliers[1]).toBe(2)
    const weights = forLabel(weightedCrossentropy({ weights: [1, 3] }), 2)
    expect(costOf(loss)).toBeCloseTo(costOf(weights), 6)
    expect(costOf(loss)).not.toBeCloseTo(before, 3)
    const evaluation = { falseNegativeRate: 1, positiveClass: 1, label: 1 }
    expect(refusalOf(() => loss.update(evaluation))).toBe(
      'RangeError: Cannot update the loss of label 2: expected an evaluation of it, got one of 1',
    )
    expect(budget.multipliers[1]).toBe(2)
    loss.update({ ...evaluation, label: 2 } as typeof evaluation)
    expect(budget.multipliers[1]).toBe(6)
    expect(loss.atRound(1).settings).toMatchObject({ label: 2 })
    expect(refusalOf(() => perLabel(budget))).toContain('forLabel takes it for one')
  })

  test('sumOf puts losses of labels together, and takes no others beside them', () => {
    const loss = sumOf(perLabel(weightedCrossentropy()), forLabel(squaredHingeRank(), 2))
    const wanted =
      costOf(perLabel(weightedCrossentropy())) + costOf(forLabel(squaredHingeRank(), 2))
    expect(costOf(loss)).toBeCloseTo(wanted, 5)
    expect(loss.settings?.label).toBe('all')
    const same = sumOf(forLabel(focal(), 1), forLabel(weightedCrossentropy(), 1))
    expect(same.settings?.label).toBe(1)
    const labels = forLabel(weightedCrossentropy(), 1)
    const plus = { positiveClass: 1, maximumFalseNegativeRate: 0.1 }
    for (const mix of [
      () => sumOf(weightedCrossentropy(), labels),
      () => distillation({ loss: labels }),
      () => falseNegativeBudget(plus, { plus: labels }),
    ])
      expect(refusalOf(mix)).toMatch(/^RangeError: .*expected losses of classes, got one of labels/)
  })

  test('perLabel(distillation) learns each label from a sigmoid of the teacher', () => {
    const teacher = [
      [1, -2],
      [0.5, 3],
    ]
    const [y, z] = [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [0.2, 0.4],
        [-1, 2],
      ],
    ]
    const taught = tensor2d(
      y.map((row, i) => row.flatMap((label, l) => [label, 0, teacher[i]![l]!])),
    )
    const temperature = 2
    const p = (score: number) => 1 / (1 + Math.exp(-score / temperature))
    let wanted = 0
    for (const [i, row] of z.entries())
      for (const [l, score] of row.entries()) {
        const [t, s] = [p(teacher[i]![l]!), p(score)]
        const divergence = t * Math.log(t / s) + (1 - t) * Math.log((1 - t) / (1 - s))
        const sign = y[i]![l] === 1 ? -1 : 1
        wanted += (temperature ** 2 * divergence + Math.log1p(Math.exp(sign * score))) / 2 / 4
      }
    const loss = perLabel(distillation({ temperature, weight: 0.5 }))
    expect(costOf(loss, taught, tensor2d(z))).toBeCloseTo(wanted, 6)
  })

  test('they refuse shapes, labels and options that cannot be right', () => {
    const loss = weightedCrossentropy()
    const three = tensor2d([[1, 0, 1]])
    const shapes = 'expected yTrue and yPred of shape [n, labels], got'
    expect(refusalOf(() => perLabel(loss)(tensor2d([[1, 0]]), three))).toBe(
      `TypeError: Cannot compute perLabel: ${shapes} [1,2] and [1,3]`,
    )
    expect(
      refusalOf(() =>
        forLabel(loss, 0)(
          three,
          tensor2d([
            [1, 0, 1],
            [1, 1, 1],
          ]),
        ),
      ),
    ).toBe(`TypeError: Cannot compute forLabel: ${shapes} [1,3] and [2,3]`)
    expect(refusalOf(() => forLabel(loss, 3)(three, three))).toBe(
      'RangeError: Cannot compute forLabel: expected label to be below the 3 outputs, got 3',
    )
    expect(refusalOf(() => perLabel(loss, { labelWeights: [1] })(three, three))).toBe(
      'TypeError: Cannot compute perLabel: expected a weight for each of 3 labels, got 1',
    )
    const wrong: [() => unknown, RegExp][] = [
      [() => forLabel(loss, -1), /^RangeError: .*label to be a whole number of at least 0, got -1/],
      [() => forLabel({} as Loss, 1), /^TypeError: .*expected a loss or a schedule, got object/],
      [() => perLabel(3 as never), /^TypeError: .*expected a loss or a schedule, got 3/],
      [() => perLabel(loss, { labelWeights: 3 as never }), /^TypeError: .*a list as labelWeights/],
      [() => perLabel(loss, { labelWeights: [-1] }), /^RangeError: .*labelWeights\[0]/],
      [() => perLabel(loss, { labelWeights: [0, 0] }), /^RangeError: .*labelWeights above 0/],
    ]
    for (const [attempt, message] of wrong) expect(refusalOf(attempt)).toMatch(message)
  })

  test('weights of samples reach each label', () => {
    const weights = tensor1d([1, 0, 2, 1, 3, 1])
    const pairs = aucPairwise()
    const wanted = [0, 1, 2].map(
      (label) => pairs(column(rows, label), column(outputs, label), weights).dataSync()[0]!,
    )
    const one = forLabel(pairs, 1) as typeof pairs
    expect(one(ys(), zs(), weights).dataSync()[0]).toBeCloseTo(wanted[1]!, 6)
    expect(one(ys(), zs()).dataSync()[0]).not.toBeCloseTo(wanted[1]!, 3)
    const all = perLabel(pairs) as typeof pairs
    const mean = wanted.reduce((sum, value) => sum + value / 3, 0)
    expect(all(ys(), zs(), weights).dataSync()[0]).toBeCloseTo(mean, 5)
  })

  test('they leave no tensors', async () => {
    const [y, z] = [ys(), zs()]
    for (const loss of [forLabel(focal(), 1), perLabel(focal())])
      await expect(() => gradientOf(loss, y, z)).toLeaveNoTensors()
  })
})
