import {
  gather,
  mean,
  memory,
  type Scalar,
  square,
  sub,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  train,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type Batch,
  type DatasetData,
  fit,
  type Loss,
  prune,
  rewindTo,
  shuffledBatches,
  weightedCrossentropy,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { quickRun, type Samples, weightBits } from '../prune/support.js'
import { forEachTest } from '../support/for-each-test.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'

let data: Samples
let model: LayersModel
const renew = forEachTest(20, (...own) => {
  ;[data, model] = own
})

interface Watched extends DatasetData {
  readonly given: Tensor[]
  /** Iterators that were asked for. */
  readonly epochs: () => number
}

/** The same batches as `fit` draws from arrays, in the shape of `tf.data`. */
function dataset(batchSize = 8, samples = data): Watched {
  const sampler = shuffledBatches({ sampleCount: 20, batchSize, seed: 0 })
  const given: Tensor[] = []
  let epoch = 0
  const batchOf = (indices: Int32Array): Batch => {
    const [labels, rows] = [tensor1d(Array.from(samples.ys)), tensor1d(indices, 'int32')]
    const [xs, ys] = [gather(data.xs, rows), gather(labels, rows)]
    labels.dispose()
    rows.dispose()
    given.push(xs, ys)
    return { xs, ys }
  }
  const iterator = async () => {
    const batches = [...sampler(epoch++)]
    const next = async (): Promise<IteratorResult<Batch, unknown>> => {
      const indices = batches.shift()
      return indices ? { done: false, value: batchOf(indices) } : { done: true, value: null }
    }
    return { next }
  }
  return { iterator, given, epochs: () => epoch }
}

/** A dataset of given elements, the same every epoch. */
const elements = (...values: unknown[]): DatasetData => ({
  iterator: async () => {
    const rest = [...values]
    return {
      next: async () => ({ done: rest.length === 0, value: rest.shift() }) as IteratorResult<Batch>,
    }
  },
})

const options = { optimizer: () => train.momentum(0.02, 0.9), epochs: 3 }

describe('fit of a dataset', () => {
  test('fit learns the same from a dataset as from arrays', async () => {
    await fit(dataset(), options)(contextOf(model))
    const bits = weightBits(model)
    renew()
    await fit(data, { ...options, batchSize: 8 })(contextOf(model))
    expect(weightBits(model)).toEqual(bits)
  })

  test('fit starts the dataset anew each epoch and disposes every batch', async () => {
    const from = dataset()
    const before = memory().numTensors
    await fit(from, options)(contextOf(model))
    expect([from.epochs(), from.given.length]).toEqual([3, 18])
    expect(from.given.every((tensor) => tensor.isDisposed)).toBe(true)
    expect(memory().numTensors).toBe(before)
  })

  test('fit disposes the batches of an epoch that it resumes in the middle of', async () => {
    const from = dataset()
    await fit(from, options)(contextOf(model, { resumeAt: { epoch: 2, step: 8, batch: 2 } }))
    expect(from.given).toHaveLength(6)
    expect(from.given.every((tensor) => tensor.isDisposed)).toBe(true)
  })

  test('fit disposes a batch that it fails on', async () => {
    const before = memory().numTensors
    const checkpoint = async () => {
      throw new Error('enough')
    }
    await expect(fit(dataset(), options)(contextOf(model, { checkpoint }))).rejects.toThrow(
      'enough',
    )
    const signal = AbortSignal.abort('over')
    await expect(fit(dataset(), options)(contextOf(model, { signal }))).rejects.toBe('over')
    expect(memory().numTensors).toBe(before)
  })

  test('prune trains all rounds from one dataset', async () => {
    const run = { ...quickRun(data), train: fit(dataset(), options), rewind: rewindTo({ step: 4 }) }
    const before = memory().numTensors
    const { rounds } = await prune(model, { ...run, schedule: [1, 0.5, 0.25] })
    expect(rounds.map(({ density }) => density)).toEqual([1, 0.5, 0.25])
    expect(memory().numTensors).toBe(before)
  })

  test('fit says that a dataset is empty, in the epoch in which it is', async () => {
    const once = dataset()
    let opened = 0
    const exhausted: DatasetData = {
      iterator: () => (opened++ === 0 ? once.iterator() : elements().iterator()),
    }
    const run = () => fit(exhausted, options)(contextOf(model, { round: 2 })) as Promise<unknown>
    expect(await lateRefusalOf(run)).toBe(
      'RangeError: Cannot train round 2: expected at least 1 batches in epoch 1, got 0',
    )
  })

  test.each<[unknown, string]>([
    [null, 'null'],
    [3, '3'],
    [{ xs: 1, ys: 2 }, '1 as xs'],
    [[[1], [2]], 'a list: map it to { xs, ys }'],
    [{ xs: {}, ys: 1 }, 'undefined as xs'],
  ])('fit rejects %j as a batch', async (batch, got) => {
    const before = memory().numTensors
    const run = () => fit(elements(batch), options)(contextOf(model)) as Promise<unknown>
    expect(await lateRefusalOf(run)).toBe(
      `TypeError: Cannot train: expected a dataset of batches { xs, ys } of tensors, got ${got}`,
    )
    expect(memory().numTensors).toBe(before)
  })

  test.each<[string, number[], string]>([
    [
      'a label that is no class',
      [0, 1, 2],
      'RangeError: Cannot train: expected class indices below 2 as labels, got 2 for sample 2',
    ],
    [
      'no positive sample',
      [0, 0, 0],
      'RangeError: Cannot train: expected a sample of the positive class 1, got none',
    ],
  ])('fit refuses a dataset with %s, in its first epoch', async (_what, labels, message) => {
    const before = memory().numTensors
    const batch = () => ({
      xs: gather(data.xs, tensor1d([0, 1, 2], 'int32')),
      ys: tensor1d(labels),
    })
    const made: Batch[] = []
    const from: DatasetData = {
      iterator: async () => {
        const rest = [tidy(batch)]
        made.push(...rest)
        return {
          next: async () =>
            ({ done: rest.length === 0, value: rest.shift() }) as IteratorResult<Batch>,
        }
      },
    }
    const run = () => fit(from, options)(contextOf(model)) as Promise<unknown>
    expect(await lateRefusalOf(run)).toBe(message)
    expect(made).toHaveLength(1)
    expect(memory().numTensors).toBe(before)
  })

  test('fit refuses logits for a loss of probabilities, before the first step', async () => {
    const loss = weightedCrossentropy({ output: 'probabilities' })
    const [start, before] = [weightBits(model), memory().numTensors]
    const run = () => fit(dataset(), { ...options, loss })(contextOf(model)) as Promise<unknown>
    expect(await lateRefusalOf(run)).toMatch(
      /^RangeError: Cannot train: expected a model that puts out probabilities, got -?\d[\d.e-]+: is/,
    )
    expect(weightBits(model)).toEqual(start)
    expect(memory().numTensors).toBe(before)
  })

  test('fit refuses a round whose portions had no positive sample', async () => {
    const none = { ...data, ys: new Int32Array(20) }
    const settings = { ...options, stepsPerEpoch: 2 }
    const run = (ys: Samples) => fit(dataset(8, ys), settings)(contextOf(model)) as Promise<unknown>
    const before = memory().numTensors
    expect(await lateRefusalOf(() => run(none))).toBe(
      'RangeError: Cannot train: expected a sample of the positive class 1, got none',
    )
    expect(await run(data)).toMatchObject({ epoch: 2 })
    expect(memory().numTensors).toBe(before)
  })

  test('fit allows portions without a positive sample to a round that goes on from later ones', async () => {
    const none = { ...data, ys: new Int32Array(20) }
    const resumeAt = { epoch: 1, step: 2, batch: 0 }
    const settings = { ...options, stepsPerEpoch: 2 }
    const result = await fit(dataset(8, none), settings)(contextOf(model, { resumeAt }))
    expect(result).toMatchObject({ epoch: 2 })
  })

  test('fit leaves the labels of a dataset to a loss that has no settings', async () => {
    const own: Loss = (yTrue, yPred) => mean(square(sub(yTrue, yPred))) as Scalar
    const batch = () => ({
      xs: gather(data.xs, tensor1d([0, 1], 'int32')),
      ys: tensor2d([
        [0.5, 7],
        [3, -2],
      ]),
    })
    const from: DatasetData = {
      iterator: async () => {
        const rest = [tidy(batch)]
        return {
          next: async () =>
            ({ done: rest.length === 0, value: rest.shift() }) as IteratorResult<Batch>,
        }
      },
    }
    const result = await fit(from, { ...options, loss: own })(contextOf(model))
    expect(Number.isFinite(result?.loss)).toBe(true)
  })
})
