import { type Tensor, tensor2d, train } from '@tensorflow/tfjs-core'
import {
  computeMask,
  denseMask,
  evaluateOn,
  fit,
  forClasses,
  type Loss,
  prune,
  type Round,
  splitByRole,
  stratifiedBatches,
  taylor,
  wanda,
  weightedCrossentropy,
  withTeacher,
} from 'tfjs-prune'
import { certify } from 'tfjs-prune/certify'
import { focal, squaredHingeRank, sumOf } from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { chain, identity } from '../support/endings.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'

import { confusionOf, of, right } from './labelled-rows.js'

const options = { optimizer: () => train.sgd(0.1), epochs: 1 }
const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.1,
  maximumFalsePositiveRate: 0.2,
  confidence: 0.9,
}

/** A round whose samples are never looked at. */
const round = { round: 0, density: 1 } as Round

describe('rows with several classes, or none', () => {
  const wrong = {
    'several ones': [1, 1, 0],
    'no one': [0, 0, 0],
    'minus one and one': [-1, 1, -1],
    'minus one that sums to 1': [-1, 1, 1],
    NaN: [Number.NaN, 1, 0],
    'more than 1': [2, 0, 0],
  }
  const message = (task: string, row: readonly number[]) =>
    `RangeError: Cannot ${task}: expected rows with one class as labels, got ` +
    `[${row.join(', ')}] for sample 1: for several labels a sample give label, ` +
    'and forLabel or perLabel as loss'

  test.each(Object.entries(wrong))(
    '%s in a row is refused wherever classes are read',
    async (_, row) => {
      const data = of(right.slice(0, 3), [[0, 1, 0], row, [1, 0, 0]])
      const model = chain(3, identity('softmax', 3))
      const before = [...model.getWeights()[0]!.dataSync()]
      expect(refusalOf(() => evaluateOn(data, { positiveClass: 1 }))).toBe(message('evaluate', row))
      const dataset = {
        iterator: async () => {
          const batches = [{ xs: data.xs.clone(), ys: data.ys.clone() }]
          return {
            next: async () => {
              const value = batches.pop()
              return value ? { done: false as const, value } : { done: true as const, value: null }
            },
          }
        },
      }
      const losses = [undefined, focal(), sumOf(focal({ positiveClass: 2 }), squaredHingeRank())]
      for (const loss of losses)
        for (const one of [data, dataset]) {
          const training = fit(one, loss ? { ...options, loss } : options)
          expect(await lateRefusalOf(async () => training(contextOf(model)))).toBe(
            message('train', row),
          )
        }
      expect(await lateRefusalOf(async () => withTeacher(model, data))).toBe(
        message('add a teacher', row),
      )
      for (const criterion of [
        taylor(),
        forClasses(taylor(), { 1: 1 }),
        forClasses(wanda(), [1]),
      ]) {
        const scoring = { density: 0.5, criterion, samples: data }
        expect(await lateRefusalOf(() => computeMask(model, scoring))).toBe(
          message('gather statistics', row),
        )
      }
      const own: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
      const scoring = {
        density: 0.5,
        criterion: forClasses(taylor(), [1]),
        samples: { ...data, loss: own },
      }
      expect(await lateRefusalOf(() => computeMask(model, scoring))).toBe(
        message('gather statistics', row),
      )
      const { rounds } = await prune(model, {
        train: async () => {},
        evaluate: evaluateOn({ xs: data.xs, ys: [0, 1, 2] }, { positiveClass: 1 }),
        schedule: [1],
        previous: denseMask(model),
      })
      const calibration = of(right.slice(0, 3), [[0, 1, 0], row, [1, 0, 0]])
      expect(await lateRefusalOf(() => certify(rounds, { ...risks, model, calibration }))).toBe(
        message('certify', row),
      )
      expect([...model.getWeights()[0]!.dataSync()]).toEqual(before)
    },
  )

  test('rows of minus one and one, and labels of them, are refused with two outputs', async () => {
    const two = {
      xs: tensor2d([
        [1, 0],
        [0, 1],
      ]),
      ys: tensor2d([
        [-1, 1],
        [1, -1],
      ]),
    }
    const model = chain(2, identity('softmax'))
    expect(refusalOf(() => evaluateOn(two, { positiveClass: 1 }))).toContain('got [-1, 1]')
    const training = (ys: number[] | Tensor) => fit({ xs: two.xs, ys }, options)(contextOf(model))
    for (const ys of [
      [-1, 1],
      tensor2d([[-1], [1]]),
      [Number.NaN, 1],
      tensor2d([[Number.NaN], [1]]),
    ])
      expect(await lateRefusalOf(async () => training(ys))).toMatch(
        /^RangeError: Cannot train: expected class indices below 2 as labels, got (-1|NaN) for sample 0$/,
      )
  })

  test('statistics by class and certificates want class indices, whatever the loss', async () => {
    const own: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
    const model = chain(1, identity('sigmoid', 1))
    const samples = { xs: tensor2d([[1], [2], [3]]), ys: [1, -1, 1], loss: own }
    const scoring = { density: 0.5, criterion: forClasses(taylor(), { 1: 1 }), samples }
    const refused = (task: string) =>
      `RangeError: Cannot ${task}: expected class indices as labels, got -1 for sample 1`
    expect(await lateRefusalOf(() => computeMask(model, scoring))).toBe(
      refused('gather statistics'),
    )
    const calibration = { xs: samples.xs, ys: samples.ys }
    expect(await lateRefusalOf(() => certify([round], { ...risks, model, calibration }))).toBe(
      refused('certify'),
    )
  })

  test('long rows are cut short, and a tie has no class to measure', async () => {
    const row = Array.from({ length: 12 }, (_, i) => Number(i % 2 === 0))
    const data = { xs: tensor2d([row]), ys: tensor2d([row]) }
    expect(refusalOf(() => evaluateOn(data, { positiveClass: 1 }))).toContain(
      'got [1, 0, 1, 0, 1, 0, 1, 0, ...] for sample 0',
    )
    const tie = { xs: tensor2d([[1, 2]]), ys: tensor2d([[0.5, 0.5]]) }
    expect(refusalOf(() => evaluateOn(tie, { positiveClass: 1 }))).toContain('got [0.5, 0.5]')
  })

  test('soft rows that sum to 1 are classes as before, rounding included', async () => {
    const soft = [
      [0.1, 0.7, 0.2],
      [1 / 3 + 1e-6, 1 / 3, 1 / 3],
      [0, 0, 1],
    ]
    const data = of(right.slice(0, 3), soft)
    const { labels } = await evaluateOn(data, { positiveClass: 1 })(
      chain(3, identity('softmax', 3)),
    )
    expect([...labels!]).toEqual([1, 0, 2])
    const even = of(right.slice(0, 2), [
      [0.5, 0.5, 0],
      [0, 1, 0],
    ])
    await fit(even, options)(contextOf(chain(3, identity('softmax', 3))))
  })

  test('class indices in a column stay', async () => {
    const data = {
      xs: tensor2d([
        [2, -1],
        [0, 3],
      ]),
      ys: tensor2d([[0], [1]]),
    }
    const { confusion } = await evaluateOn(data, { positiveClass: 1 })(chain(2, identity('linear')))
    expect(confusion).toEqual(confusionOf(1, 0, 0, 1))
    await fit(data, options)(contextOf(chain(2, identity('linear'))))
  })

  test('batches and splits by class want class indices', () => {
    for (const [labels, got] of [
      [[0, -1], '-1'],
      [[0, Number.NaN], 'NaN'],
      [[0, 0.5], '0.5'],
      [[0, [1, 0]], '1,0'],
    ] as [number[], string][]) {
      const wanted = `expected label 1 to be a class index, got ${got}`
      expect(refusalOf(() => stratifiedBatches({ labels }))).toContain(
        `Error: Cannot draw batches: ${wanted}`,
      )
      expect(refusalOf(() => splitByRole(labels, { shares: { train: 1 } }))).toContain(
        `Error: Cannot split the data: ${wanted}`,
      )
    }
  })
})
