import { add, type Optimizer, type Tensor, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  applyTrained,
  fineTune,
  fit,
  type PruneOptions,
  prune,
  type Rewinder,
  rewindLearningRate,
  rewindTo,
  rewindToInitial,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { weightsByName } from '../support/weights.js'
import { imbalancedSamples, quickRun, smallNetwork } from './support.js'

const schedule = [1, 0.5, 0.25]

interface Trace {
  /** Learning rate of each epoch, by round. */
  readonly rates: number[][]
  /** Number of the sampler's epoch, by round. */
  readonly orders: number[][]
  /**
   * Momentum slots before the first and after the last step of each round; undefined when there are
   * none yet.
   */
  readonly slotsBefore: (readonly number[] | undefined)[]
  readonly slotsAfter: (readonly number[])[]
}

/** The values of a momentum optimizer's first slot. */
async function slotOf(optimizer: Optimizer): Promise<number[] | undefined> {
  const [steps, slot] = await optimizer.getWeights()
  ;(steps!.tensor as Tensor).dispose()
  return slot && [...(await (slot.tensor as Tensor).data())]
}

/** Three rounds of three epochs with three steps each. */
async function trace(rewind: Rewinder): Promise<Trace> {
  const [data, model] = [imbalancedSamples(24), smallNetwork()]
  const seen: Trace = { rates: [[], [], []], orders: [[], [], []], slotsBefore: [], slotsAfter: [] }
  let [round, made] = [-1, train.momentum(0.1, 0.9)]
  const inner = fit(data, {
    optimizer: () => {
      made = train.momentum(0.1, 0.9)
      return made
    },
    epochs: 3,
    learningRate: (epoch) => {
      const rate = [0.02, 0.01, 0.005][epoch]!
      seen.rates[round]!.push(rate)
      return rate
    },
    batches: function* (epoch) {
      seen.orders[round]!.push(epoch)
      for (const start of [0, 8, 16]) yield Int32Array.from({ length: 8 }, (_, i) => start + i)
    },
  })
  const watching: PruneOptions['train'] = (context) => {
    round = context.round
    return inner({
      ...context,
      restoreOptimizer: async (optimizer) => {
        await context.restoreOptimizer(optimizer)
        seen.slotsBefore.push(await slotOf(made))
      },
      keepOptimizer: async (optimizer) => {
        await context.keepOptimizer(optimizer)
        seen.slotsAfter.push((await slotOf(made))!)
      },
    })
  }
  await prune(model, quickRun(data, { train: watching, rewind, schedule }))
  data.xs.dispose()
  model.dispose()
  return seen
}

describe('prune', () => {
  test('rewindToInitial begins each round with the schedule, the order and an optimizer as new', async () => {
    const { rates, orders, slotsBefore } = await trace(rewindToInitial())
    expect(rates).toEqual([0, 1, 2].map(() => [0.02, 0.01, 0.005]))
    expect(orders).toEqual([0, 1, 2].map(() => [0, 1, 2]))
    expect(slotsBefore).toEqual([undefined, undefined, undefined])
  })

  test('rewindLearningRate repeats the schedule while the order of the batches goes on', async () => {
    const { rates, orders, slotsBefore } = await trace(rewindLearningRate())
    expect(rates).toEqual([0, 1, 2].map(() => [0.02, 0.01, 0.005]))
    expect(orders.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(slotsBefore).toEqual([undefined, undefined, undefined])
  })

  test('fineTune stays at the last rate, goes on with the batches and keeps the slots', async () => {
    const { rates, orders, slotsBefore, slotsAfter } = await trace(fineTune())
    expect(rates).toEqual([
      [0.02, 0.01, 0.005],
      [0.005, 0.005, 0.005],
      [0.005, 0.005, 0.005],
    ])
    expect(orders.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(slotsBefore).toEqual([undefined, slotsAfter[0], slotsAfter[1]])
    expect(slotsAfter[0]!.some((value) => value !== 0)).toBe(true)
  })

  test.each([
    [rewindTo({ epoch: 1 }), [1, 2]],
    [rewindTo({ step: 3 }), [0, 1, 2]],
    [rewindTo({ step: 4 }), [1, 2]],
    [rewindTo({ step: 8 }), [2]],
  ])('rewindTo resumes schedule and order where it captured them: %#', async (rewind, epochs) => {
    const { rates, orders, slotsBefore } = await trace(rewind)
    expect(rates.slice(1)).toEqual(
      [1, 2].map(() => epochs.map((epoch) => [0.02, 0.01, 0.005][epoch])),
    )
    expect(orders).toEqual([[0, 1, 2], epochs, epochs])
    expect(slotsBefore[0]).toBeUndefined()
    expect(slotsBefore[1]!.some((value) => value !== 0)).toBe(true)
    expect(slotsBefore[2]).toEqual(slotsBefore[1])
  })

  test('prune refuses at once to keep the state of an optimizer that cannot tell it', async () => {
    const [data, model] = [imbalancedSamples(8), smallNetwork()]
    const before = weightsByName(model)
    for (const rewind of [fineTune(), rewindTo({ epoch: 1 })]) {
      const training = { optimizer: () => train.adamax(0.01) }
      await expect(prune(model, quickRun(data, { rewind, training }))).rejects.toThrow(
        'Cannot keep the state of the optimizer: expected one whose getWeights works, got Adamax',
      )
    }
    expect(weightsByName(model)).toEqual(before)
    data.xs.dispose()
    model.dispose()
  })
})

/** Moving means at the start of each round and at its end. */
async function movingMeans(rewind: Rewinder) {
  const make = (): LayersModel =>
    sequential({
      layers: [
        layers.dense({ units: 4, inputShape: [6], name: 'first' }),
        layers.batchNormalization({ name: 'norm', momentum: 0.5 }),
        layers.dense({ units: 2, name: 'last' }),
      ],
    })
  const [data, model] = [imbalancedSamples(24), make()]
  const moved = { xs: add(data.xs, 3), ys: data.ys }
  const inner = fit(moved, { optimizer: () => train.sgd(0.01), epochs: 2, batchSize: 8 })
  const mean = () => weightsByName(model)['norm/moving_mean']!
  const starts: Float32Array[] = []
  const captured: Float32Array[] = []
  const { rounds } = await prune(model, {
    ...quickRun(data, { rewind, schedule }),
    train: (context) => {
      starts.push(mean())
      return inner({
        ...context,
        checkpoint: async (at) => {
          if (at.epoch === 1 && at.batch === 0) captured.push(mean())
          await context.checkpoint(at)
        },
      })
    },
  })
  const ends = rounds.map((round) => {
    applyTrained(model, round)
    return mean()
  })
  for (const tensor of [data.xs, moved.xs]) tensor.dispose()
  model.dispose()
  return { starts, ends, captured }
}

describe('prune of a network with batch normalisation', () => {
  test('rewindToInitial gives the moving statistics back', async () => {
    const { starts, ends } = await movingMeans(rewindToInitial())
    expect(ends[0]!.every((value) => value === 0)).toBe(false)
    for (const start of starts) expect([...start]).toEqual([0, 0, 0, 0])
  })

  test('rewindTo gives the captured moving statistics back', async () => {
    const { starts, captured } = await movingMeans(rewindTo({ epoch: 1 }))
    expect(captured[0]!.every((value) => value === 0)).toBe(false)
    expect(starts.slice(1)).toEqual([captured[0], captured[0]])
  })

  test('fineTune keeps the moving statistics', async () => {
    const { starts, ends } = await movingMeans(fineTune())
    expect(starts.slice(1)).toEqual(ends.slice(0, 2))
  })
})
