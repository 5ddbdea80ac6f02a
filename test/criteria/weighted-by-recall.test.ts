import { train } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { forClasses } from '../../src/criteria/for-classes.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { normalised } from '../../src/criteria/normalised.js'
import { taylor } from '../../src/criteria/taylor.js'
import { wanda } from '../../src/criteria/wanda.js'
import {
  type WeightedByRecallOptions,
  weightedByRecall,
} from '../../src/criteria/weighted-by-recall.js'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { prune } from '../../src/prune.js'
import { densityList } from '../../src/schedules/density-list.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { never } from '../../src/stopping/never.js'
import { evaluateOn } from '../../src/training/evaluate-on.js'
import { fit } from '../../src/training/fit.js'
import type { Criterion, Evaluation } from '../../src/types.js'
import { refusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { randomValues } from '../support/weights.js'

const ys = Array.from({ length: 12 }, (_, i) => Number(i % 3 === 0))
const data = { xs: ys.map((label, i) => [label, ...randomValues(3, 30 + i)]), ys }

const classesOf = (criterion: Criterion) =>
  Object.values((criterion.settings as { classes: Record<number, number> }).classes)

/** Weights of the classes after a round with this evaluation. */
function weightsAfter(
  evaluation: Partial<Evaluation>,
  options: WeightedByRecallOptions = {},
  classes: readonly number[] = [0, 1],
): number[] {
  const { forRound } = weightedByRecall(taylor(), classes, options)
  return classesOf(forRound([{ round: 3, evaluation } as never]))
}

test('weightedByRecall weighs each class by exp(emphasis (1 - recall)), of mean 1', () => {
  const labels = Int32Array.of(0, 0, 0, 0, 1, 1, 2)
  const predictions = Int32Array.of(0, 0, 0, 1, 1, 0, 2)
  const powers = [0.25, 0.5, 0].map((missed) => Math.exp(3 * missed))
  const mean = powers.reduce((sum, power) => sum + power, 0) / 3
  const weights = weightsAfter({ labels, predictions }, { emphasis: 3 }, [0, 1, 2])
  for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(powers[i]! / mean, 12)
})

test('weightedByRecall takes two rates where an evaluation has no predictions', () => {
  for (const positiveClass of [0, 1]) {
    const evaluation = { positiveClass, falseNegativeRate: 0.5, falsePositiveRate: 0.1 }
    const weights = weightsAfter(evaluation, { emphasis: 2 })
    expect(Math.log(weights[positiveClass]! / weights[1 - positiveClass]!)).toBeCloseTo(0.8, 12)
  }
})

test('weightedByRecall lets no emphasis overflow, and 0 makes the classes equal', () => {
  const evaluation = { positiveClass: 1, falseNegativeRate: 1, falsePositiveRate: 0 }
  expect(weightsAfter(evaluation, { emphasis: 1e9 })).toEqual([0, 2])
  expect(weightsAfter(evaluation, { emphasis: 0 })).toEqual([1, 1])
})

test('weightedByRecall asks recalls of its own for those of an evaluation', () => {
  const recalls = ({ accuracy }: Evaluation) => [1, accuracy]
  const [zero, one] = weightsAfter({ accuracy: 0.5 }, { recalls, emphasis: 2 })
  expect(Math.log(one! / zero!)).toBeCloseTo(1, 12)
})

test('weightedByRecall takes the classes alike in a step without rounds', async () => {
  const model = smallModel()
  const maskOf = (criterion: Criterion) =>
    computeMask(model, { density: 0.5, criterion, samples: data })
  const own = await maskOf(weightedByRecall(taylor(), [0, 1]))
  const alike = await maskOf(forClasses(taylor(), [1, 1]))
  expect(own).toEqual(alike)
  model.dispose()
})

const run = (criterion: Criterion, schedule: readonly number[]) =>
  prune(smallModel(), {
    train: fit(data, {
      loss: weightedCrossentropy(),
      epochs: 2,
      optimizer: () => train.sgd(0.1),
      seed: 1,
    }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: densityList(schedule),
    stop: never(),
    criterion,
    samples: data,
  })

test('prune asks weightedByRecall before each step, and the report says the weights', async () => {
  const inner = () => normalised(taylor(), 'sum')
  const { rounds } = await run(weightedByRecall(inner(), [0, 1], { emphasis: 2 }), [1, 0.5, 0.25])
  expect(rounds[0]!.criterion).toBeUndefined()
  for (const [i, { criterion }] of rounds.slice(1).entries()) {
    const { falseNegativeRate, falsePositiveRate } = rounds[i]!.evaluation
    const { 0: zero, 1: one } = (criterion as { classes: Record<number, number> }).classes
    expect(Math.log(one! / zero!)).toBeCloseTo(2 * (falseNegativeRate - falsePositiveRate), 9)
    expect(one).not.toBe(zero)
  }
  // The first step is that of the criterion with these weights.
  const { classes } = rounds[1]!.criterion as { classes: Record<number, number> }
  const fixed = await run(forClasses(inner(), classes), [1, 0.5])
  expect(rounds[1]!.mask).toEqual(fixed.rounds[1]!.mask)
})

test('prune refuses a criterion whose forRound answers with other needs, or with none', async () => {
  const changing = (next: unknown): Criterion =>
    Object.assign(taylor(), { forRound: () => next as Criterion })
  await expect(run(changing(wanda()), [1, 0.5])).rejects.toThrow(
    'Cannot prune: expected ["squaredGradient"] as needs of forRound, got ["inputNorm"]',
  )
  await expect(run(changing(magnitude()), [1, 0.5])).rejects.toThrow('as needs of forRound, got []')
  await expect(run(changing(undefined), [1, 0.5])).rejects.toThrow(
    'expected the answer of forRound to be a criterion, such as magnitude(), got undefined',
  )
})

const recall = 'expected a recall in [0, 1] after round 3, got'

test.each<[string, () => unknown, string]>([
  [
    'an evaluation without recalls',
    () => weightsAfter({ accuracy: 1 }),
    `RangeError: Cannot weight class 0: ${recall} undefined`,
  ],
  [
    'a class without samples',
    () => weightsAfter({ labels: Int32Array.of(0, 2), predictions: Int32Array.of(0, 2) }),
    `RangeError: Cannot weight class 1: ${recall} NaN`,
  ],
  [
    'a recall above 1',
    () => weightsAfter({}, { recalls: () => [1, 1.5] }),
    `RangeError: Cannot weight class 1: ${recall} 1.5`,
  ],
  [
    'a negative emphasis',
    () => weightedByRecall(taylor(), [0, 1], { emphasis: -1 }),
    'RangeError: Cannot make weightedByRecall: expected emphasis to be a finite number of at least 0, got -1',
  ],
  [
    'another option',
    () => weightedByRecall(taylor(), [0, 1], { emphasise: 1 } as never),
    'TypeError: Cannot make weightedByRecall: expected options among emphasis, recalls, got emphasise: did you mean emphasis?',
  ],
  [
    'one class',
    () => weightedByRecall(taylor(), [0]),
    'RangeError: Cannot make weightedByRecall: expected a list of at least two class indices, each once, got [0]',
  ],
  [
    'to be a part of another criterion',
    () => normalised(weightedByRecall(taylor(), [0, 1]), 'sum'),
    'RangeError: Cannot make normalised: expected criteria that only score, got one that changes from round to round',
  ],
])('weightedByRecall refuses %s', (_, make, message) => {
  expect(refusalOf(make)).toBe(message)
})
