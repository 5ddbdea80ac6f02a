import {
  abs,
  concat,
  randomNormal,
  slice,
  type Tensor,
  tensor1d,
  train,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  evaluateOn,
  fit,
  forClasses,
  oneShot,
  prune,
  reEstimateBatchNorm,
  rewindTo,
  synFlow,
  taylor,
  wanda,
  withTeacher,
} from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { certify } from 'tfjs-prune/certify'
import { beforeAll, describe, expect, it } from 'vitest'
import { statisticOf } from '../statistics/support.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { contextOf } from './context.js'

const BATCH = 4
const STEPS = 3
const cell = { units: 3, recurrentInitializer: 'glorotNormal' } as const

/** A model with fixed weights, its variances above 0. */
function filled(model: LayersModel): LayersModel {
  fillWeights(model)
  const norm = model.getLayer('norm')
  const [gamma, beta, mean, variance] = norm.getWeights()
  const positive = abs(variance!)
  norm.setWeights([gamma!, beta!, mean!, positive])
  positive.dispose()
  return model
}

type Kind = 'lstm' | 'gru' | 'simpleRNN'

/** A recurrent model, with a batch of its own and with states, or without both. */
function recurrent(kind: Kind, { fixed, stateful }: { fixed: boolean; stateful: boolean }) {
  const first = layers[kind]({
    ...cell,
    stateful,
    name: 'cell',
    returnSequences: true,
    ...(fixed ? { batchInputShape: [BATCH, STEPS, 2] } : { inputShape: [null as never, 2] }),
  })
  const rest = [
    layers.batchNormalization({ name: 'norm' }),
    layers[kind]({ ...cell, stateful, name: 'last' }),
    layers.dense({ units: 2, name: 'out' }),
  ]
  return filled(sequential({ layers: [first as layers.Layer, ...rest] }))
}

function dense(fixed: boolean): LayersModel {
  const shape = fixed ? { batchInputShape: [BATCH, 2] } : { inputShape: [2] }
  return filled(
    sequential({
      layers: [
        layers.dense({ units: 3, activation: 'relu', name: 'in', ...shape }),
        layers.batchNormalization({ name: 'norm' }),
        layers.dense({ units: 2, name: 'out' }),
      ],
    }),
  )
}

const labels = (count: number) => Array.from({ length: count }, (_, i) => i % 2)
const rows = (count: number) => ({
  xs: randomNormal([count, 2], 0, 1, 'float32', 3),
  ys: labels(count),
})
const sequencesOf = (count: number) => ({
  xs: randomNormal([count, STEPS, 2], 0, 1, 'float32', 3),
  ys: labels(count),
})
const positiveClass = 1
const optimizer = () => train.momentum(0.05, 0.9)

beforeAll(() => {
  if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
})

describe('a model with batchInputShape', () => {
  const valuesOf = (model: LayersModel) =>
    model.getWeights().map((weight) => [...weight.dataSync()].map((value) => value.toFixed(5)))

  it('evaluateOn measures it as the same model without', async () => {
    const data = rows(3 * BATCH)
    const found = []
    for (const fixed of [true, false]) {
      const { scores, auc } = await evaluateOn(data, { positiveClass })(dense(fixed))
      found.push({ auc, scores: [...scores!].map((score) => score.toFixed(5)) })
    }
    expect(found[0]).toEqual(found[1])
  })

  it.each(['gradient', 'squaredGradient', 'inputNorm', 'zeroShare', 'flow'] as const)(
    '%s is that of the same model without',
    async (statistic) => {
      const samples = { ...rows(3 * BATCH), batchSize: BATCH }
      const found = []
      for (const fixed of [true, false]) {
        const all = await statisticOf(dense(fixed), statistic, { names: ['in/kernel'], samples })
        found.push(all['in/kernel']!.values.map((value) => value.toFixed(5)))
      }
      expect(found[0]).toEqual(found[1])
    },
  )

  it('prune trains, measures and prunes it as the same model without', async () => {
    const data = rows(3 * BATCH)
    const found = []
    for (const fixed of [true, false]) {
      const model = dense(fixed)
      const { rounds } = await prune(model, {
        train: fit(data, { optimizer, epochs: 2, ...(!fixed && { batchSize: BATCH }) }),
        evaluate: evaluateOn(data, { positiveClass }),
        criterion: taylor(),
        samples: { ...data, batchSize: BATCH },
        schedule: oneShot(0.5),
      })
      found.push([rounds.map((round) => round.evaluation!.auc!.toFixed(5)), valuesOf(model)])
    }
    expect(found[0]).toEqual(found[1])
  })

  it('reEstimateBatchNorm gives it the statistics of the same model without', async () => {
    const found = []
    for (const fixed of [true, false]) {
      const model = dense(fixed)
      await reEstimateBatchNorm(model, rows(3 * BATCH), fixed ? {} : { batchSize: BATCH })
      found.push(valuesOf(model))
    }
    expect(found[0]).toEqual(found[1])
  })

  it('withTeacher, certify and wanda take it', async () => {
    const data = rows(3 * BATCH)
    const taught = await withTeacher(dense(true), data)
    expect(taught.ys.shape).toEqual([12, 3])
    const model = dense(true)
    const { rounds } = await prune(model, {
      train: fit(data, { optimizer, epochs: 1 }),
      evaluate: evaluateOn(data, { positiveClass }),
      criterion: wanda(),
      samples: data,
      schedule: oneShot(0.5),
    })
    const calibration = { xs: randomNormal([40 * BATCH, 2]), ys: labels(40 * BATCH) }
    const limits = { maximumFalseNegativeRate: 0.5, maximumFalsePositiveRate: 0.9, confidence: 0.9 }
    const certificate = await certify(rounds, { model, calibration, positiveClass, ...limits })
    expect(certificate.positives).toBe(20 * BATCH)
  })

  const datasetOf = (count: number, size: number) => {
    const { xs, ys } = rows(count)
    const all = Array.from({ length: count / size }, (_, i) => i * size)
    return {
      iterator: async () => {
        const batches = all.map((from) => ({
          xs: slice(xs, from, size),
          ys: tensor1d(ys.slice(from, from + size)),
        }))
        return batches[Symbol.iterator]() as unknown as AsyncIterator<never>
      },
    }
  }

  it('evaluateOn, statistics and fit take datasets of its batches', async () => {
    const [data, dataset] = [rows(3 * BATCH), datasetOf(3 * BATCH, BATCH)]
    const model = dense(true)
    const { scores: wanted } = await evaluateOn(data, { positiveClass })(model)
    const { scores } = await evaluateOn(dataset, { positiveClass })(model)
    expect([...scores!]).toEqual([...wanted!])
    const options = { names: ['in/kernel'] }
    const found = await statisticOf(model, 'gradient', { ...options, samples: dataset as never })
    expect(found).toEqual(await statisticOf(model, 'gradient', { ...options, samples: data }))
    const { rounds } = await prune(model, {
      train: fit(dataset, { optimizer, epochs: 1 }),
      evaluate: evaluateOn(dataset, { positiveClass }),
      schedule: oneShot(0.5),
    })
    expect(rounds).toHaveLength(2)
  })

  const multiple = (task: string, got: string) =>
    `RangeError: Cannot ${task}: expected a multiple of 4 samples, the model's batch, got ${got}, or build the model without batchInputShape`
  const size = (task: string) =>
    `RangeError: Cannot ${task}: expected batches of 4 samples, as the model's batchInputShape says, got 3`
  const trainOn = (count: number, options = {}) =>
    prune(dense(true), {
      train: fit(rows(count), { optimizer, epochs: 1, ...options }),
      evaluate: evaluateOn(rows(BATCH), { positiveClass }),
      schedule: oneShot(0.5),
    })
  const gathered = (count: number, options = {}) =>
    computeMask(dense(true), {
      density: 0.5,
      criterion: taylor(),
      samples: { ...rows(count), ...options },
    })

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'evaluateOn of 13',
      async () => evaluateOn(rows(13), { positiveClass })(dense(true)),
      multiple('evaluate', '13: leave 1 out'),
    ],
    [
      'the check of evaluateOn',
      async () => evaluateOn(rows(13), { positiveClass }).check!(dense(true)),
      multiple('evaluate', '13: leave 1 out'),
    ],
    [
      'evaluateOn of 2',
      async () => evaluateOn(rows(2), { positiveClass })(dense(true)),
      multiple('evaluate', '2: add 2'),
    ],
    [
      'evaluateOn with another size',
      async () => evaluateOn(rows(12), { positiveClass, batchSize: 3 })(dense(true)),
      size('evaluate'),
    ],
    ['statistics of 13', () => gathered(13), multiple('gather statistics', '13: leave 1 out')],
    [
      'statistics with another size',
      () => gathered(12, { batchSize: 3 }),
      size('gather statistics'),
    ],
    [
      'statistics of a class of 6',
      () =>
        computeMask(dense(true), {
          density: 0.5,
          criterion: forClasses(taylor(), [1, 1]),
          samples: rows(12),
        }),
      multiple('gather statistics of class 0', '6: leave 2 out'),
    ],
    [
      're-estimation of 13',
      () => reEstimateBatchNorm(dense(true), rows(13)),
      multiple('re-estimate batch norm', '13: leave 1 out'),
    ],
    [
      'evaluateOn of a dataset with another size',
      async () => evaluateOn(datasetOf(12, 3), { positiveClass })(dense(true)),
      size('evaluate'),
    ],
    [
      'a class of a dataset',
      () =>
        computeMask(dense(true), {
          density: 0.5,
          criterion: forClasses(taylor(), [1, 1]),
          samples: datasetOf(12, BATCH) as never,
        }),
      size('gather statistics of class 0').replace('got 3', 'got 2'),
    ],
    ['training on 13', () => trainOn(13), multiple('train', '13: leave 1 out')],
    ['training with another size', () => trainOn(12, { batchSize: 3 }), size('train')],
    [
      'training with batches of another size',
      () => trainOn(12, { batches: () => [Int32Array.of(0, 1, 2)] }),
      size('train'),
    ],
  ])('%s is refused with the remedy', async (_, work, message) => {
    expect(await lateRefusalOf(work)).toBe(message)
  })
})

describe.each<Kind>(['lstm', 'gru', 'simpleRNN'])('a stateful %s', (kind) => {
  const stateful = () => recurrent(kind, { fixed: true, stateful: true })
  const stateless = () => recurrent(kind, { fixed: false, stateful: false })
  const near = (got: readonly number[], wanted: readonly number[]) => {
    expect(got).toHaveLength(wanted.length)
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 4)
    })
  }

  /** Batches whose rows go on from one to the next, and the whole sequences. */
  const parts = () => {
    const whole = randomNormal([BATCH, 2 * STEPS, 2], 0, 1, 'float32', 9)
    const halves = [0, 1].map((half) => slice(whole, [0, half * STEPS, 0], [-1, STEPS, -1]))
    return { whole, xs: concat(halves), ys: labels(2 * BATCH) }
  }

  it('evaluateOn goes on from batch to batch, as one long sequence, and begins anew each time', async () => {
    const { whole, ...data } = parts()
    const model = stateful()
    const evaluate = evaluateOn(data, { positiveClass })
    const { scores } = await evaluate(model)
    const logits = (stateless().predict(whole) as Tensor).dataSync()
    const last = Array.from({ length: BATCH }, (_, i) => logits[2 * i + 1]! - logits[2 * i]!)
    near([...scores!].slice(BATCH), last)
    expect([...(await evaluate(model)).scores!]).toEqual([...scores!])
    model.predict(slice(data.xs, 0, BATCH), { batchSize: BATCH })
    expect([...(await evaluate(model)).scores!]).toEqual([...scores!])
  })

  it.each(['inputNorm', 'gradient'] as const)(
    '%s is that of the model without states, on one batch',
    async (statistic) => {
      const samples = { ...sequencesOf(BATCH), batchSize: BATCH }
      const names = ['last/kernel', 'out/kernel']
      const found = await statisticOf(stateful(), statistic, { names, samples })
      const wanted = await statisticOf(stateless(), statistic, { names, samples })
      for (const name of names) near(found[name]!.values, wanted[name]!.values)
    },
  )

  it('inputNorm goes on from batch to batch', async () => {
    const { whole, ...data } = parts()
    const names = ['last/kernel']
    const options = { names, samples: data }
    const found = await statisticOf(stateful(), 'inputNorm', options)
    const long = { xs: whole, ys: labels(BATCH), batchSize: BATCH }
    const wanted = await statisticOf(stateless(), 'inputNorm', { names, samples: long })
    near(found['last/kernel']!.values, wanted['last/kernel']!.values)
  })

  it('reEstimateBatchNorm goes on from batch to batch', async () => {
    const { whole, xs } = parts()
    const [model, wanted] = [stateful(), stateless()]
    expect(await reEstimateBatchNorm(model, { xs })).toBe(1)
    await reEstimateBatchNorm(wanted, { xs: whole })
    const moving = (one: LayersModel) =>
      one
        .getLayer('norm')
        .getWeights()
        .flatMap((weight) => [...weight.dataSync()])
    near(moving(model), moving(wanted))
  })

  it('fit trains on the samples in their order and leaves no states', async () => {
    const { xs, ys } = parts()
    const model = stateful()
    const seen: number[][] = []
    const options = {
      train: fit({ xs, ys }, { optimizer, epochs: 2 }),
      evaluate: evaluateOn({ xs, ys }, { positiveClass }),
      criterion: synFlow({ steps: 1 }),
      schedule: oneShot(0.5),
    }
    for (let run = 0; run < 2; run++) {
      filled(model)
      const { rounds } = await prune(model, options)
      seen.push(rounds.map(({ trainingLoss }) => trainingLoss!))
    }
    expect(seen[0]).toEqual(seen[1])
    await expect(async () => {
      filled(model)
      await prune(model, options)
    }).toLeaveNoTensors()
  })

  it('two calls at once are refused, so that neither goes on from the states of the other', async () => {
    const model = stateful()
    const [long, short] = [4, 2].map((batches) =>
      evaluateOn(sequencesOf(batches * BATCH), { positiveClass }),
    )
    const alone = [await long!(model), await short!(model)]
    const both = await Promise.allSettled([long!(model), short!(model)])
    const message =
      `Cannot evaluate: expected the stateful model ${model.name} to be free, ` +
      'got one that another call is at work on: await that one first'
    expect(both).toEqual([
      { status: 'fulfilled', value: alone[0] },
      { status: 'rejected', reason: new Error(message) },
    ])
    expect(await short!(model)).toEqual(alone[1])
    const callbacks = { onBatchEnd: async () => void (await short!(model)) }
    const trained = fit(sequencesOf(2 * BATCH), { optimizer, epochs: 1, callbacks })
    expect(await lateRefusalOf(async () => trained(contextOf(model)))).toBe(`Error: ${message}`)
    await expect(async () => {
      await Promise.allSettled([long!(model), short!(model)])
    }).toLeaveNoTensors()
  })

  it('a seed, samples of one class and a start within an epoch are refused', async () => {
    const data = sequencesOf(2 * BATCH)
    const evaluate = evaluateOn(data, { positiveClass })
    const seeded = fit(data, { optimizer, epochs: 1, seed: 1 })
    expect(
      await lateRefusalOf(() =>
        prune(stateful(), { train: seeded, evaluate, schedule: oneShot(0.5) }),
      ),
    ).toBe(
      'RangeError: Cannot train: expected no seed for a stateful model, whose batches follow each other, got 1',
    )
    const within = fit(data, { optimizer, epochs: 2 })
    const rewind = rewindTo({ step: 1 })
    expect(
      await lateRefusalOf(() =>
        prune(stateful(), { train: within, evaluate, rewind, schedule: oneShot(0.5) }),
      ),
    ).toBe(
      'RangeError: Cannot train: expected a rewinder that resumes at the start of an epoch for a stateful model, got epoch 0, batch 1',
    )
    expect(
      await lateRefusalOf(() =>
        computeMask(stateful(), {
          density: 0.5,
          criterion: forClasses(taylor(), [1, 1]),
          samples: data,
        }),
      ),
    ).toBe(
      'RangeError: Cannot gather statistics of class 0: expected a model whose batches do not go on from each other, got a stateful one',
    )
  })
})
