import { type Scalar, Tensor, train } from '@tensorflow/tfjs-core'
import { Callback, CustomCallback, callbacks, type LayersModel } from '@tensorflow/tfjs-layers'
import {
  type FitCallbacks,
  type FitOptions,
  fit,
  type PruningEvent,
  pruningRounds,
  rewindTo,
  type TrainingContext,
} from 'tfjs-prune'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { describe, expect, test } from 'vitest'
import { quickRun, type Samples, weightBits } from '../prune/support.js'
import { forEachTest } from '../support/for-each-test.js'
import { refusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'

let data: Samples
let model: LayersModel
const renew = forEachTest(20, (...own) => {
  ;[data, model] = own
})

/** Trains two epochs of three batches: 8, 8 and 4 samples. */
async function trained(options: Partial<FitOptions>, parts: Partial<TrainingContext> = {}) {
  const optimizer = () => train.momentum(0.02, 0.9)
  const settings: FitOptions = { optimizer, epochs: 2, batchSize: 8, ...options }
  const result = await fit(data, settings)(contextOf(model, parts))
  return { result, bits: weightBits(model) }
}

type Call = readonly [hook: string, ...given: unknown[]]

/** All hooks, which note what they are given; each is a turn of the event loop late. */
function noting(calls: Call[]) {
  const note =
    (hook: string) =>
    async (...given: unknown[]) => {
      const copy = given.map((one) => (typeof one === 'object' ? { ...one } : one))
      await new Promise((resolve) => setTimeout(resolve))
      calls.push([hook, ...copy])
    }
  return {
    onTrainBegin: note('train begins'),
    onEpochBegin: note('epoch begins'),
    onBatchBegin: note('batch begins'),
    onBatchEnd: note('batch ends'),
    onEpochEnd: note('epoch ends'),
    onTrainEnd: note('train ends'),
  }
}

const someLoss = expect.any(Number)
const epochOfCalls = (epoch: number): Call[] => [
  ['epoch begins', epoch, {}],
  ...[8, 8, 4].flatMap((size, batch): Call[] => [
    ['batch begins', batch, { batch, size }],
    ['batch ends', batch, { batch, size, loss: someLoss }],
  ]),
  ['epoch ends', epoch, { loss: someLoss }],
]

const engines: readonly [string, Partial<FitOptions>][] = [
  ['tfjs', {}],
  ['sparse', { engine: sparseTraining({ when: 'always' }) }],
]

describe.each(engines)('fit with callbacks on %s', (_, engine) => {
  test('fit awaits each hook in the order of model.fit, with its logs', async () => {
    const calls: Call[] = []
    await trained({ ...engine, callbacks: noting(calls) })
    expect(calls).toEqual([
      ['train begins', { round: 0, density: 1 }],
      ...epochOfCalls(0),
      ...epochOfCalls(1),
      ['train ends', {}],
    ])
  })

  test('fit trains to the same bits with callbacks and without', async () => {
    const { bits, result } = await trained(engine)
    renew()
    const watched = await trained({ ...engine, callbacks: noting([]) })
    expect(watched.bits).toEqual(bits)
    expect(watched.result).toEqual(result)
  })

  test('fit tells the mean of the losses of the batches as that of the epoch', async () => {
    let sum = 0
    const means: number[] = []
    await trained({
      ...engine,
      callbacks: {
        onBatchEnd: (_batch, logs) => {
          sum += logs!.loss! * logs!.size!
        },
        onEpochEnd: (_epoch, logs) => {
          means.push(logs!.loss!)
          expect(logs!.loss).toBeCloseTo(sum / 20, 5)
          sum = 0
        },
      },
    })
    expect(means).toHaveLength(2)
    expect(means[1]).toBeLessThan(means[0]!)
  })

  test('fit leaves no tensor of its callbacks behind', async () => {
    class Watcher extends Callback {}
    const all = [noting([]), new Watcher(), new CustomCallback({ onBatchEnd: () => {} })]
    await expect(() => trained({ ...engine, callbacks: all })).toLeaveNoTensors()
  })
})

describe('fit with callbacks', () => {
  test('fit gives objects of tfjs the model, the parameters and the loss as tfjs does', async () => {
    const losses: (number | Scalar)[] = []
    let isDisposed = true
    class Watcher extends Callback {
      override async onBatchEnd(_batch: number, logs?: Record<string, number | Scalar>) {
        losses.push(logs!.loss!)
        isDisposed = logs!.loss instanceof Tensor && logs!.loss.isDisposed
      }
    }
    const watcher = new Watcher()
    await trained({ callbacks: watcher })
    expect(losses).toHaveLength(6)
    expect(losses.every((loss) => loss instanceof Tensor && loss.isDisposed)).toBe(true)
    expect(isDisposed).toBe(false)
    expect((watcher as unknown as { model: LayersModel }).model).toBe(model)
    expect(watcher.params).toMatchObject({ epochs: 2, initialEpoch: 0, samples: 20, batchSize: 8 })
  })

  test('fit calls each of a list, and gives a CustomCallback numbers', async () => {
    const [plain, custom]: [Call[], Call[]] = [[], []]
    const list = [noting(plain), new CustomCallback(noting(custom), 'never')]
    await trained({ callbacks: list })
    expect(plain.length).toBe(18)
    expect(custom).toEqual(plain)
  })

  test('fit ends a round that callbacks.earlyStopping or the caller ends', async () => {
    const stopping = callbacks.earlyStopping({ monitor: 'loss', minDelta: 100, patience: 0 })
    expect((await trained({ epochs: 9, callbacks: stopping })).result).toMatchObject({ epoch: 1 })
    const calls: Call[] = []
    const onBatchEnd = () => {
      model.stopTraining = true
    }
    const ended = await trained({ callbacks: [noting(calls), { onBatchEnd }] })
    expect(ended.result).toMatchObject({ epoch: 0 })
    expect(calls.map(([hook]) => hook).slice(1)).toEqual([
      ...['epoch begins', 'batch begins', 'batch ends', 'epoch ends', 'train ends'],
    ])
    expect((await trained({ callbacks: noting([]) })).result).toMatchObject({ epoch: 1 })
  })

  test('fit counts epochs and batches from the point that a rewinder begins at', async () => {
    const calls: Call[] = []
    const resumeAt = { epoch: 1, step: 4, batch: 1 }
    await trained({ callbacks: noting(calls) }, { resumeAt, round: 3, density: 0.25 })
    const [first, epoch, , , ...rest] = [calls[0]!, ...epochOfCalls(1)]
    expect(first).toEqual(['train begins', { round: 3, density: 0.25 }])
    expect(calls.slice(1)).toEqual([epoch, ...rest, ['train ends', {}]])
  })

  test.each(['onTrainBegin', 'onBatchBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const)(
    'fit passes the error of %s on',
    async (hook) => {
      const error = new Error('of the caller')
      const failing = { [hook]: () => Promise.reject(error) }
      await expect(trained({ callbacks: failing })).rejects.toBe(error)
      await expect(() => trained({ callbacks: failing }).catch(() => {})).toLeaveNoTensors()
    },
  )

  test.each<[unknown, string]>([
    [7, 'TypeError: Cannot train: expected callbacks as hooks, got 7'],
    [[{}], 'TypeError: Cannot train: expected callbacks[0] to have a hook among onTrainBegin, '],
    [
      { onEpochEnds: () => {} },
      'TypeError: Cannot train with callbacks: expected options among onTrainBegin, onEpochBegin, ' +
        'onBatchBegin, onBatchEnd, onEpochEnd, onTrainEnd, got onEpochEnds: did you mean onEpochEnd?',
    ],
    [
      [{ onEpochEnd: () => {} }, { onBatchEnd: true }],
      'TypeError: Cannot train: expected callbacks[1].onBatchEnd to be a function, got boolean',
    ],
  ])('fit refuses callbacks that it would not call: %#', (given, message) => {
    const optimizer = () => train.sgd(0.1)
    const make = () => fit(data, { optimizer, epochs: 1, callbacks: given as FitCallbacks })
    expect(refusalOf(make)).toContain(message)
  })
})

describe('pruningRounds with batches of fit', () => {
  /** The events of batches in two rounds. */
  async function batchesOf(training: Partial<FitOptions>, more: object = {}) {
    const events: Extract<PruningEvent, { kind: 'batch-finished' }>[] = []
    const onProgress = (event: PruningEvent) => {
      if (event.kind === 'batch-finished') events.push(event)
    }
    const options = quickRun(data, { schedule: [1, 0.5], training, onProgress, ...more })
    for await (const _ of pruningRounds(model, options));
    return events
  }

  test('pruningRounds tells each finished batch, and no loss that nobody read', async () => {
    const expected = [0, 1].flatMap((round) =>
      [0, 1].flatMap((epoch) =>
        [1, 2, 3].map((batch) => ({
          ...{ kind: 'batch-finished', round, epoch, epochs: 2, batch, batches: 3 },
        })),
      ),
    )
    expect(await batchesOf({})).toEqual(expected)
  })

  test.each<[string, Partial<FitOptions>]>([
    ['a callback', { callbacks: { onBatchEnd: () => {} } }],
    ['an engine', engines[1]![1]],
  ])('pruningRounds tells the loss of a batch that %s knows', async (_, training) => {
    const events = await batchesOf(training)
    expect(events).toHaveLength(12)
    expect(events.every(({ loss }) => loss! > 0)).toBe(true)
  })

  test('pruningRounds learns the number of batches of the caller in the first epoch', async () => {
    const two = [Int32Array.from({ length: 12 }, (_, i) => i), Int32Array.of(12, 13, 14, 15)]
    const events = await batchesOf({ batches: () => two })
    expect(events.map(({ batches }) => batches).slice(0, 4)).toEqual([undefined, undefined, 2, 2])
  })

  test('pruningRounds counts the batches before the point that a rewinder begins at', async () => {
    const events = await batchesOf({}, { rewind: rewindTo({ step: 2 }) })
    const second = events.filter(({ round }) => round === 1)
    expect(second.map(({ epoch, batch }) => [epoch, batch])).toEqual([
      [0, 3],
      ...[1, 2, 3].map((batch) => [1, batch]),
    ])
  })
})
