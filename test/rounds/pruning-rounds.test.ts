import {
  memory,
  type Optimizer,
  tensor1d,
  tensor2d,
  train as trainers,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  applyTicket,
  magnitude,
  type PruningEvent,
  type PruningOptions,
  pruningRounds,
  type Round,
  rewindTo,
  weightedCrossentropy,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import {
  imbalancedSamples,
  quickRun,
  type Samples,
  smallNetwork,
  weightBits,
} from '../prune/support.js'
import { forEachTest } from '../support/for-each-test.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { countRevived, weightsByName } from '../support/weights.js'

let data: Samples
let model: LayersModel
const renew = forEachTest(24, (...own) => {
  ;[data, model] = own
})

async function all(options: PruningOptions): Promise<Round[]> {
  const rounds: Round[] = []
  for await (const round of pruningRounds(model, options)) rounds.push(round)
  return rounds
}

test('pruningRounds tells of a model that was disposed between rounds, and leaves no tensor', async () => {
  const before = memory().numTensors
  const own = smallNetwork()
  const samples = imbalancedSamples(24)
  const rounds = pruningRounds(own, quickRun(samples, { schedule: [1, 0.5] }))
  expect((await rounds.next()).value?.round).toBe(0)
  own.dispose()
  expect(await lateRefusalOf(() => rounds.next())).toBe(
    'TypeError: Cannot prune: expected a model in use, got one disposed of',
  )
  samples.xs.dispose()
  expect(memory().numTensors).toBe(before)
})

describe('pruningRounds', () => {
  test('pruningRounds yields each round with the model holding its trained weights', async () => {
    for await (const { round, mask, trained } of pruningRounds(
      model,
      quickRun(data, { schedule: [1, 0.5, 0.1] }),
    )) {
      expect(countRevived(model, mask)).toBe(0)
      const values = weightsByName(model)
      for (const { name, values: kept } of mask.weights) {
        expect(values[name]!.filter((_, i) => kept[i] === 1)).toEqual(trained[name])
      }
      expect(values['out/bias']).toEqual(trained['out/bias'])
      expect(mask.kept).toBe([184, 92, 19][round])
    }
    expect.assertions(3 * 6)
  })

  test('pruningRounds can be left at any round, without a tensor behind it', async () => {
    const before = memory().numTensors
    let last: Round | undefined
    for await (const round of pruningRounds(model, quickRun(data))) {
      last = round
      if (round.round === 2) break
    }
    expect(last!.density).toBe(0.25)
    expect(countRevived(model, last!.mask)).toBe(0)
    expect(memory().numTensors).toBe(before)
  })

  test('pruningRounds goes on from the round it yielded, whatever was done with the model in between', async () => {
    const options = quickRun(data, { schedule: [1, 0.5, 0.25] })
    const undisturbed = await all(options)
    renew()
    const rounds: Round[] = []
    for await (const round of pruningRounds(model, options)) {
      rounds.push(round)
      applyTicket(model, round)
    }
    expect(rounds.map(({ mask }) => mask)).toEqual(undisturbed.map(({ mask }) => mask))
    expect(rounds.map(({ trained }) => trained)).toEqual(undisturbed.map(({ trained }) => trained))
  })

  test('pruningRounds ends when an endless schedule finds nothing left to prune', async () => {
    const rounds = await all(
      quickRun(data, { schedule: (round: number) => 0.05 ** round, training: { epochs: 1 } }),
    )
    expect(rounds.map(({ kept }) => kept)).toEqual([184, 10, 3])
  })

  test('pruningRounds tells what happens in order', async () => {
    const events: PruningEvent[] = []
    await all(quickRun(data, { schedule: [1, 0.5], onProgress: (event) => events.push(event) }))
    const epochs = (round: number) =>
      [1, 2].flatMap((epoch) => [
        ...[1, 2, 3].map((batch) => ({ kind: 'batch-finished', round, epoch: epoch - 1, batch })),
        { kind: 'epoch-finished', round, epoch, epochs: 2 },
      ])
    expect(events).toMatchObject([
      { kind: 'round-started', round: 0, density: 1 },
      ...epochs(0),
      { kind: 'round-finished', round: 0, report: { density: 1 } },
      { kind: 'round-started', round: 1, density: 0.5 },
      ...epochs(1),
      { kind: 'round-finished', round: 1, report: { density: 0.5 } },
    ])
    for (const event of events)
      if (event.kind === 'epoch-finished') expect(event.loss).toBeGreaterThan(0)
  })
})

/** A hand-written loop: full batch, momentum, five steps. */
function ownLoop({
  held,
  checkpoint,
}: {
  held: boolean
  checkpoint?: boolean
}): PruningOptions['train'] {
  const loss = weightedCrossentropy({ weights: 4 })
  return async (context) => {
    const stock = trainers.momentum(0.05, 0.9)
    const optimizer = held ? context.hold(stock) : stock
    if (checkpoint) await context.restoreOptimizer(optimizer)
    let last = 0
    for (let step = 1; step <= 5; step++) {
      const { value, grads } = variableGrads(() => {
        return loss(
          tensor1d(Array.from(data.ys)),
          context.model.apply(data.xs, { training: true }) as never,
        )
      })
      optimizer.applyGradients(grads)
      last = value.dataSync()[0]!
      for (const tensor of [value, ...Object.values(grads)]) tensor.dispose()
      if (checkpoint) await context.checkpoint({ step, optimizer })
    }
    optimizer.dispose()
    return { loss: last }
  }
}

describe('pruningRounds with a loop of the caller', () => {
  test('pruningRounds holds the mask through context.hold', async () => {
    const rounds = await all(
      quickRun(data, { train: ownLoop({ held: true }), schedule: [1, 0.3, 0.1] }),
    )
    expect(rounds.map(({ kept }) => kept)).toEqual([184, 56, 19])
    expect(countRevived(model, rounds[2]!.mask)).toBe(0)
    expect(rounds.every(({ trainingLoss }) => trainingLoss > 0)).toBe(true)
  })

  test('pruningRounds frees what context.hold made when the round is over', async () => {
    const held: Optimizer[] = []
    const train: PruningOptions['train'] = ({ hold }) => {
      const stock = trainers.sgd(0.1)
      held.push(hold(stock))
      stock.dispose()
    }
    const before = memory().numTensors
    await all(quickRun(data, { train, criterion: magnitude(), schedule: [1, 0.5, 0.25] }))
    expect(memory().numTensors).toBe(before)
    expect(() => held[2]!.applyGradients({})).toThrow(
      'expected a mask that is in use, got one whose round is over',
    )
  })

  test('pruningRounds holds the mask in model.fit', async () => {
    const ys = tensor2d(Array.from(data.ys, (label) => [1 - label, label]))
    const train: PruningOptions['train'] = async (context) => {
      const optimizer = context.hold(trainers.adam(0.01))
      context.model.compile({ optimizer, loss: weightedCrossentropy() })
      const { history } = await context.model.fit(data.xs, ys, {
        epochs: 2,
        batchSize: 8,
        verbose: 0,
      })
      optimizer.dispose()
      return { loss: history.loss!.at(-1) as number }
    }
    const before = memory().numTensors
    const rounds = await all(quickRun(data, { train, schedule: [1, 0.3, 0.1] }))
    expect(memory().numTensors).toBe(before)
    expect(rounds.map(({ kept }) => kept)).toEqual([184, 56, 19])
    expect(rounds.every(({ trainingLoss }) => trainingLoss > 0)).toBe(true)
    ys.dispose()
  })

  test('pruningRounds reports NaN as the training loss of a loop that tells none', async () => {
    const run = { train: () => {}, criterion: magnitude(), schedule: [1, 0.5] }
    const rounds = await all(quickRun(data, run))
    expect(rounds.map(({ trainingLoss }) => trainingLoss)).toEqual([Number.NaN, Number.NaN])
  })

  test('pruningRounds rejects a loop that forgets the mask and puts the last finished round back', async () => {
    let finished: unknown
    const onProgress = ({ kind }: PruningEvent) => {
      if (kind === 'round-finished') finished = weightBits(model)
    }
    const options = quickRun(data, {
      train: ownLoop({ held: false }),
      schedule: [1, 0.5],
      onProgress,
    })
    expect(await lateRefusalOf(() => all(options))).toMatch(
      /^RangeError: Cannot finish round 1: expected pruned weights of hidden\/kernel to stay 0 in training, got \d+ that came back\. Wrap the optimizer with the hold function/,
    )
    expect(weightBits(model)).toEqual(finished)
  })

  test('pruningRounds rewinds to a checkpoint of the loop', async () => {
    const train = ownLoop({ held: true, checkpoint: true })
    const rounds = await all(
      quickRun(data, { train, rewind: rewindTo({ step: 2 }), schedule: [1, 0.5] }),
    )
    expect(rounds[1]!.checkpoint?.position).toEqual({ epoch: 0, step: 2, batch: 0 })
  })

  test.each([
    [false, { step: 2 }],
    [true, { step: 6 }],
  ])('pruningRounds says that the checkpoint was never reached: %#', async (checkpoint, point) => {
    const before = weightBits(model)
    const train = ownLoop({ held: true, checkpoint })
    const run = () => all(quickRun(data, { train, rewind: rewindTo(point), schedule: [1, 0.5] }))
    expect(await lateRefusalOf(run)).toMatch(
      `RangeError: Cannot rewind with rewindTo(step ${point.step}): expected round 0 to pass {"step":${point.step}}, got no such checkpoint`,
    )
    expect(weightBits(model)).toEqual(before)
  })
})

test('pruningRounds goes on through a plateau of an endless schedule and ends when nothing is left', async () => {
  const warmUp = (round: number) => (round < 3 ? 1 : 0.05)
  const densities: number[] = []
  for await (const { density } of pruningRounds(model, { ...quickRun(data), schedule: warmUp }))
    densities.push(density)
  expect(densities.slice(0, 3)).toEqual([1, 1, 1])
  expect(densities).toHaveLength(4)
})

test('pruningRounds refuses a training function that tells a loss that is not finite', async () => {
  const run = pruningRounds(model, { ...quickRun(data), train: () => ({ loss: Number.NaN }) })
  await expect(run.next()).rejects.toThrow(
    new RangeError('Cannot finish round 0: expected a finite training loss, got NaN'),
  )
})
