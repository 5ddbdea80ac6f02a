import { tensor2d } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { magnitude } from '../../src/criteria/magnitude.js'
import { elements } from '../../src/granularity/elements.js'
import type { Granularity } from '../../src/granularity/granularity.js'
import { units } from '../../src/granularity/units.js'
import { denseMask } from '../../src/masks/dense-mask.js'
import { createMask } from '../../src/masks/mask.js'
import { type PruneOptions, prune } from '../../src/prune.js'
import { rewindLearningRate } from '../../src/rewind/rewind-learning-rate.js'
import { rewindTo } from '../../src/rewind/rewind-to.js'
import { rewindToInitial } from '../../src/rewind/rewind-to-initial.js'
import { rewindToSign } from '../../src/rewind/rewind-to-sign.js'
import { applyRewound } from '../../src/rounds/apply-rewound.js'
import { applyTicket, applyTrained, type Round } from '../../src/rounds/round.js'
import { loadRounds } from '../../src/runs/load-rounds.js'
import { renameRounds } from '../../src/runs/rename-rounds.js'
import { saveRounds } from '../../src/runs/save-rounds.js'
import type { Rewinder, Train } from '../../src/types.js'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'
import { weightsByName } from '../support/weights.js'

interface Other {
  readonly model?: LayersModel
  readonly pruning?: Partial<PruneOptions>
}

/** Rounds of a run, and the weights that each began with. */
async function run(
  rewind: Rewinder,
  schedule: readonly number[],
  { model = smallNetwork(), pruning }: Other = {},
) {
  const data = imbalancedSamples()
  const options = quickRun(data, pruning)
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

/** A network whose pruned units would emit a constant: biases of 0.3, and a normalisation. */
function biasedNetwork(hidden = 'hidden') {
  const kernelInitializer = initializers.glorotUniform({ seed: 1 })
  const biasInitializer = initializers.constant({ value: 0.3 })
  const own = { units: 8, inputShape: [6], kernelInitializer, biasInitializer }
  const [relu, out] = [layers.reLU(), layers.dense({ name: 'out', units: 2, kernelInitializer })]
  const norm = layers.batchNormalization({ name: 'norm' })
  return sequential({ layers: [layers.dense({ name: hidden, ...own }), norm, relu, out] })
}

test('applyTicket and applyRewound give the start of a round whose units went whole', async () => {
  const pruning = { granularity: units(), criterion: magnitude() }
  const model = biasedNetwork()
  const { rounds, starts } = await run(rewindToInitial(), [1, 0.5], { model, pruning })
  const start = starts[1]!
  expect(rounds.map(({ completed = [] }) => completed.map(({ name }) => name))).toEqual([
    [],
    ['hidden/bias', 'norm/beta', 'norm/gamma', 'out/bias'],
  ])
  expect(start['hidden/bias']!.filter((value) => value === 0).length).toBe(4)
  expect(start['norm/gamma']!.filter((value) => value === 0).length).toBe(4)
  applyTicket(model, rounds[1]!)
  expect(weightsByName(model)).toEqual(start)
  const stored = await loadRounds(await saveRounds(rounds))
  applyTrained(model, stored[1]!)
  applyRewound(model, stored[1]!, rewindToInitial())
  expect(weightsByName(model)).toEqual(start)
  const other = biasedNetwork('other')
  applyTicket(other, renameRounds(stored, other)[1]!)
  expect(Object.values(weightsByName(other))).toEqual(Object.values(start))
  for (const one of [model, other]) one.dispose()
})

test('applyTicket gives the start of a round whose granularity completes in its own way', async () => {
  const complete: Granularity['complete'] = (model, mask) => {
    const { weights } = denseMask(model, { include: 'out/bias', biases: true })
    const added = weights.map((weight) => ({ ...weight, values: Uint8Array.of(1, 0) }))
    return createMask([...mask.weights, ...added], mask.parameters)
  }
  const pruning = { granularity: { ...elements(), complete }, criterion: magnitude() }
  const model = biasedNetwork()
  const { rounds, starts } = await run(rewindToInitial(), [1, 0.5], { model, pruning })
  expect(rounds[1]!.completed!.map(({ name, kept }) => [name, kept])).toEqual([['out/bias', 1]])
  applyTicket(model, structuredClone(rounds[1]!))
  expect(weightsByName(model)).toEqual(starts[1])
  model.dispose()
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
