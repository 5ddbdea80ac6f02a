import { oneHot, sigmoid, softmax, type Tensor, tensor2d, tidy, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, prune, type TrainingContext } from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { distillation } from '../../src/losses/distillation.js'
import { withTeacher } from '../../src/training/with-teacher.js'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { trainingData } from '../support/training.js'
import { contextOf } from './context.js'

const logitsOf = (model: LayersModel, xs: Tensor) =>
  tidy(() => [...(model.predict(xs) as Tensor).dataSync()])
const rowsOf = (ys: Tensor, columns: number) => {
  const values = [...ys.dataSync()]
  return Array.from({ length: values.length / columns }, (_, i) =>
    values.slice(i * columns, (i + 1) * columns),
  )
}

describe('withTeacher', () => {
  test('withTeacher writes the logits of the teacher behind class indices, whatever the batches', async () => {
    const [model, { xs }] = [smallModel(), trainingData(7)]
    const labels = [0, 1, 1, 0, 1, 0, 0]
    const logits = logitsOf(model, xs)
    for (const batchSize of [1, 3, 256]) {
      const taught = await withTeacher(model, { xs, ys: labels }, { batchSize })
      expect(taught.xs).toBe(xs)
      expect([taught.ys.shape, taught.ys.dtype]).toEqual([[7, 3], 'float32'])
      rowsOf(taught.ys, 3).forEach((row, i) => {
        expect(row[0]).toBe(labels[i])
        expect(row[1]).toBeCloseTo(logits[2 * i]!, 6)
        expect(row[2]).toBeCloseTo(logits[2 * i + 1]!, 6)
      })
    }
  })

  test('withTeacher keeps one-hot rows, and writes 0 and z of a teacher with one output', async () => {
    const { xs } = trainingData(3)
    const teacher = sequential({ layers: [layers.dense({ units: 1, inputShape: [4] })] })
    const logits = logitsOf(teacher, xs)
    const ys = oneHot([1, 0, 1], 2)
    const taught = await withTeacher(teacher, { xs, ys })
    const wanted = logits.map((z, i) => [i === 1 ? 1 : 0, i === 1 ? 0 : 1, 0, z])
    expect(rowsOf(taught.ys, 4)).toEqual(wanted)
    expect(ys.isDisposed).toBe(false)
  })

  test('withTeacher turns probabilities into logits with the same softmax', async () => {
    const { xs } = trainingData(5)
    for (const units of [1, 3]) {
      const activation = units === 1 ? 'sigmoid' : 'softmax'
      const teacher = sequential({ layers: [layers.dense({ units, activation, inputShape: [4] })] })
      const { ys } = await withTeacher(teacher, { xs, ys: [0, 1, 0, 1, 1] })
      const classes = Math.max(units, 2)
      const logits = rowsOf(ys, 1 + classes).map((row) => row.slice(1))
      const again = tidy(() => {
        if (units > 1) return [...softmax(tensor2d(logits)).dataSync()]
        return [...sigmoid(tensor2d(logits.map(([zero = 0, one = 0]) => [one - zero]))).dataSync()]
      })
      for (const [i, p] of logitsOf(teacher, xs).entries()) expect(again[i]).toBeCloseTo(p, 5)
    }
  })

  test('withTeacher leaves no tensor but the labels that it returns, also when it throws', async () => {
    const [model, { xs }] = [smallModel(), trainingData(4)]
    await expect(async () =>
      (await withTeacher(model, { xs, ys: [0, 1, 1, 0] })).ys.dispose(),
    ).toLeaveNoTensors()
    const nested = [[1, 2, 3, 4]]
    await expect(async () =>
      (await withTeacher(model, { xs: nested, ys: [0] })).ys.dispose(),
    ).toLeaveNoTensors()
    await expect(() =>
      lateRefusalOf(() => withTeacher(model, { xs: nested, ys: [2] })),
    ).toLeaveNoTensors()
  })

  test('withTeacher refuses data and teachers that do not fit', async () => {
    const [model, { xs }] = [smallModel(), trainingData(2)]
    const refusal = (...args: Parameters<typeof withTeacher>) =>
      lateRefusalOf(() => withTeacher(...args))
    const cannot = 'Cannot add a teacher: expected'
    expect(await refusal(model, { xs, ys: [0, 2] })).toBe(
      `RangeError: ${cannot} class indices below 2 as labels, got 2 for sample 1`,
    )
    expect(await refusal(model, { xs, ys: [0, 0.5] })).toContain('got 0.5 for sample 1')
    expect(await refusal(model, { xs, ys: oneHot([1, 0], 3) })).toBe(
      `TypeError: ${cannot} labels of 2 columns as the teacher has classes, got 3`,
    )
    expect(await refusal(model, { xs, ys: [0] })).toContain(
      `TypeError: ${cannot} as many labels as inputs`,
    )
    expect(await refusal(model, { xs: tensor2d([[1]]), ys: [0] })).toContain(
      `TypeError: ${cannot} xs of shape [n, 4]`,
    )
    expect(await refusal(model, { xs, ys: [0, 1] }, { batchSize: 0 })).toContain(
      `RangeError: ${cannot} batchSize`,
    )
    expect(await refusal(model, { xs, ys: [0, 1] }, { output: 'scores' as 'logits' })).toContain(
      'RangeError',
    )
    expect(await refusal(model, { xs, ys: [0, 1] }, { batch: 3 } as object)).toContain('TypeError')
    const ending = sequential({
      layers: [layers.dense({ units: 2, activation: 'softmax', inputShape: [4] })],
    })
    expect(await refusal(ending, { xs, ys: [0, 1] }, { output: 'logits' })).toContain(
      'one that ends in a softmax',
    )
  })

  test('withTeacher refuses a teacher whose outputs are not finite', async () => {
    const teacher = sequential({
      layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })],
    })
    teacher.setWeights([tensor2d([[Number.NaN]])])
    const refusal = await lateRefusalOf(() =>
      withTeacher(teacher, { xs: tensor2d([[1]]), ys: [0] }),
    )
    expect(refusal).toContain('expected finite outputs, got NaN for sample 0')
  })
})

describe('distillation with fit', () => {
  test('distillation with fit brings a fresh model to the scores of its teacher', async () => {
    const data = imbalancedSamples(40)
    const teacher = smallNetwork(1)
    const taught = await withTeacher(teacher, data)
    for (const units of [1, 2]) {
      const student = sequential({
        layers: [layers.dense({ units, inputShape: [6], kernelInitializer: 'zeros' })],
      })
      const options = {
        optimizer: () => train.adam(0.03),
        batchSize: 8,
        loss: distillation({ weight: 1 }),
      }
      const losses: number[] = []
      const progress: TrainingContext['progress'] = (event) => {
        if (!('batch' in event)) losses.push(event.loss)
      }
      await fit(taught, { ...options, epochs: 30 })(contextOf(student, { progress }))
      expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!)
      student.dispose()
    }
    taught.ys.dispose()
  })

  test('distillation with fit teaches sparse rounds with the dense one, by resuming with another training', async () => {
    const data = imbalancedSamples(40)
    const model = smallNetwork()
    const dense = await prune(model, quickRun(data, { schedule: [1] }))
    const logits = logitsOf(model, data.xs)
    const taught = await withTeacher(model, data)
    const optimizer = () => train.momentum(0.02, 0.9)
    const result = await prune(model, {
      train: fit(taught, {
        optimizer,
        epochs: 3,
        batchSize: 8,
        clipNorm: 5,
        loss: distillation({ weight: 0.7 }),
      }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: [1, 0.5, 0.25],
      resume: dense.rounds,
    })
    expect(result.rounds.map(({ density }) => density)).toEqual([1, 0.5, 0.25])
    expect(result.rounds[0]).toBe(dense.rounds[0])
    expect(rowsOf(taught.ys, 3).flatMap((row) => row.slice(1))).toEqual(logits)
    const own = await prune(
      smallNetwork(),
      quickRun(data, { schedule: [1, 0.5, 0.25], training: { epochs: 3 } }),
    )
    expect(result.rounds[1]!.evaluation.scores).not.toEqual(own.rounds[1]!.evaluation.scores)
    expect(Number.isFinite(result.rounds[2]!.trainingLoss)).toBe(true)
    taught.ys.dispose()
  })
})
