import { tensor2d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { prune } from '../../src/prune.js'
import { rewindLearningRate } from '../../src/rewind/rewind-learning-rate.js'
import { rewindTo } from '../../src/rewind/rewind-to.js'
import { rewindToInitial } from '../../src/rewind/rewind-to-initial.js'
import { rewindToSign } from '../../src/rewind/rewind-to-sign.js'
import { applyRewound } from '../../src/rounds/apply-rewound.js'
import { applyTicket, applyTrained, type Round } from '../../src/rounds/round.js'
import type { Rewinder, Train } from '../../src/types.js'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'
import { weightsByName } from '../support/weights.js'

/** Rounds of a run, and the weights that each began with. */
async function run(rewind: Rewinder, schedule: readonly number[]) {
  const data = imbalancedSamples()
  const model = smallNetwork()
  const options = quickRun(data)
  const starts: Record<string, Float32Array>[] = []
  const train: Train = Object.assign((context: Parameters<Train>[0]) => {
    starts.push(weightsByName(model))
    return options.train(context)
  }, options.train)
  const { rounds } = await prune(model, { ...options, train, schedule, rewind })
  data.xs.dispose()
  return { model, rounds: rounds as Round[], starts }
}

const signed = () => rewindToSign({ signs: 'trained', magnitudes: 'drawn', seed: 4 })

test.each([signed(), rewindToInitial(), rewindTo({ epoch: 1 }), rewindLearningRate()])(
  'applyRewound gives the start of the next round with $name',
  async (rewinder) => {
    const { model, rounds, starts } = await run(rewinder, [1, 0.5, 0.5])
    applyRewound(model, rounds[1]!, rewinder)
    expect(weightsByName(model)).toEqual(starts[2])
    model.dispose()
  },
)

test('applyRewound with rewindToInitial is applyTicket, and with rewindLearningRate applyTrained', async () => {
  const { model, rounds } = await run(rewindLearningRate(), [1, 0.5])
  const other = smallNetwork(9)
  for (const [rewinder, apply] of [
    [rewindToInitial(), applyTicket],
    [rewindLearningRate(), applyTrained],
  ] as const) {
    applyRewound(other, rounds[1]!, rewinder)
    apply(model, rounds[1]!)
    expect(weightsByName(other)).toEqual(weightsByName(model))
  }
  for (const one of [model, other]) one.dispose()
})

test('applyRewound leaves no tensor behind', async () => {
  const { model, rounds } = await run(rewindLearningRate(), [1, 0.5])
  await expect(async () => applyRewound(model, rounds[1]!, signed())).toLeaveNoTensors()
  model.dispose()
})

test('applyRewound refuses wrong rewinders and rounds, and leaves the model as it was', async () => {
  const { model, rounds } = await run(rewindLearningRate(), [1, 0.5])
  const before = weightsByName(model)
  const round = rounds[1]!
  const failing: Rewinder = {
    ...rewindToInitial(),
    weights: ({ name, initial }) => (name === 'out/kernel' ? tensor2d([[1]]) : initial),
  }
  const refusals: [Parameters<typeof applyRewound>[1], Rewinder, RegExp][] = [
    [round, rewindToInitial as never, /^Cannot apply the rewound round: .*a factory/],
    [round, { ...rewindToInitial(), optimizer: 'old' as never }, /rewinder.optimizer/],
    [
      round,
      rewindTo({ epoch: 1 }),
      /expected one that holds \{"epoch":1\} for rewindTo\(epoch 1\)/,
    ],
    [{} as never, rewindToInitial(), /expected a round with its mask and weights/],
    [round, failing, /expected a tensor of shape \[8, 2\]/],
  ]
  for (const [given, rewinder, message] of refusals) {
    expect(() => applyRewound(model, given, rewinder)).toThrow(message)
    expect(weightsByName(model)).toEqual(before)
  }
  const other = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] })
  expect(() => applyRewound(other, round, rewindToInitial())).toThrow(RangeError)
  for (const one of [model, other]) one.dispose()
})
