import { gather, type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import {
  type Batch,
  type BestEpoch,
  type DatasetData,
  denseTeacher,
  evaluateOn,
  fineTune,
  fit,
  magnitude,
  mirrorImages,
  rewindTo,
  shiftImages,
  shuffledBatches,
  stratifiedBatches,
  units,
} from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import {
  always,
  denseNetwork,
  differenceOf,
  expectSame,
  images,
  labels,
  type Run,
  roundsOf,
  seeded,
  smallNetwork,
} from './rounds.js'

/** The small network with some layers frozen. */
const frozen = (...names: string[]) => ({
  build: () => {
    const network = smallNetwork()
    for (const name of names) network.getLayer(name).trainable = false
    return network
  },
})

/** A nested model with a norm, all of it frozen, between two layers that are not. */
function withFrozenInside() {
  const inner = sequential({
    layers: [
      layers.dense({ units: 6, activation: 'relu', inputShape: [8], ...seeded(2) }),
      layers.batchNormalization(),
    ],
  })
  inner.trainable = false
  const xs = input({ shape: [16] })
  const made = layers
    .dense({ units: 8, activation: 'tanh', ...seeded(1) })
    .apply(xs) as SymbolicTensor
  const outputs = layers
    .dense({ units: 2, ...seeded(3) })
    .apply(inner.apply(made) as SymbolicTensor)
  return model({ inputs: xs, outputs: outputs as SymbolicTensor })
}

/** A dataset of batches, in the order that `fit` would draw them. */
function batchesOf(xs: Tensor): DatasetData {
  const sampler = shuffledBatches({ sampleCount: labels.length, batchSize: 8, seed: 0 })
  let epoch = 0
  const batchOf = (indices: Int32Array): Batch => {
    const rows = tensor1d(indices, 'int32')
    const batch = { xs: gather(xs, rows), ys: tensor1d(Array.from(indices, (i) => labels[i]!)) }
    rows.dispose()
    return batch
  }
  const iterator = async () => {
    const batches = [...sampler(epoch++)]
    const next = async (): Promise<IteratorResult<Batch, unknown>> => {
      const indices = batches.shift()
      return indices ? { done: false, value: batchOf(indices) } : { done: true, value: null }
    }
    return { next }
  }
  return { iterator }
}

const runs: Record<string, Run> = {
  'a frozen convolution': frozen('first'),
  'frozen batch norm': frozen('norm'),
  'a frozen dense layer and norm': frozen('hidden', 'norm'),
  'all but the last layer frozen': frozen('first', 'norm', 'hidden'),
  'a nested model, frozen whole': { build: withFrozenInside },
  'the dense round as a teacher': { pruning: { teach: denseTeacher() } },
  'a teacher of batches that change': {
    pruning: { teach: denseTeacher() },
    fitting: { augment: mirrorImages() },
  },
  augmentation: { fitting: { augment: [mirrorImages(), shiftImages({ pixels: 1 })] } },
  'rates that warm up': { fitting: { learningRate: (epoch) => 0.01 * (epoch + 1), epochs: 3 } },
  'rates that warm up, fine-tuned': {
    fitting: { learningRate: (epoch) => 0.01 * (epoch + 1) },
    pruning: { rewind: fineTune() },
  },
  clipNorm: { fitting: { clipNorm: 0.1 } },
  'the best epoch': {
    train: (xs, options) => {
      const evaluate = evaluateOn({ xs, ys: labels }, { positiveClass: 1 })
      const metric = ({ loss }: { readonly loss: number }) => loss
      const best: BestEpoch = { evaluate, metric, direction: 'maximise' }
      return fit({ xs, ys: labels }, { ...options, epochs: 3, best })
    },
  },
  'a dataset': { train: (xs, { batchSize: _, ...options }) => fit(batchesOf(xs), options) },
  'a dataset in parts': {
    train: (xs, { batchSize: _, ...options }) =>
      fit(batchesOf(xs), { ...options, stepsPerEpoch: 2 }),
    pruning: { rewind: rewindTo({ step: 3 }) },
  },
  'lists of numbers, and labels in a list': {
    build: withFrozenInside,
    train: (_, options) => {
      const rows = Array.from(labels, (_, i) => Array.from(images.subarray(i * 16, (i + 1) * 16)))
      return fit({ xs: rows, ys: Array.from(labels) }, options)
    },
  },
  'batches of 1': {
    fitting: { batchSize: 1, epochs: 1 },
    pruning: { criterion: magnitude() },
  },
  'one batch of all': { fitting: { batchSize: 64 } },
  'dense layers behind a flatten, one batch of all': {
    build: denseNetwork,
    fitting: { batchSize: 64, clipNorm: 0.1 },
  },
  'batches in strata': {
    train: (xs, { batchSize: _, ...options }) => {
      const batches = stratifiedBatches({ labels, batchSize: 9, seed: 3 })
      return fit({ xs, ys: labels }, { ...options, batches })
    },
  },
  'whole units': { pruning: { granularity: units() } },
  'almost nothing kept': { pruning: { schedule: [1, 0.3, 0.06] } },
}

describe('options of fit: masks and weights are those of tfjs', () => {
  it.each(Object.keys(runs))('%s', async (name) => {
    await expectSame(runs[name]!)
  })
})

it('a run that was aborted goes on from its rounds as if it had not been', async () => {
  const pruning = { rewind: rewindTo({ step: 4 }) }
  const whole = await roundsOf(always, { pruning })
  for (const [first, then] of [
    [always, always],
    [{}, always],
    [always, {}],
  ]) {
    const begun = await roundsOf(first!, { pruning: { ...pruning, schedule: [1, 0.5] } })
    const resumed = await roundsOf(then!, { pruning: { ...pruning, resume: begun } })
    expect(resumed.length).toBe(whole.length)
    for (const [i, round] of resumed.entries())
      expect(differenceOf(whole[i]!, round)).toBeLessThan(1e-4)
  }
})
