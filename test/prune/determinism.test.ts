import { train } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { prune, random, reinitialise, stratifiedBatches } from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { imbalancedSamples, quickRun, weightBits } from './support.js'

/** A network as users build it: seeded initializers, names of tfjs's own choice. */
function seededNetwork(): LayersModel {
  const kernel = (seed: number) => initializers.heNormal({ seed })
  return sequential({
    layers: [
      layers.dense({
        units: 10,
        activation: 'relu',
        inputShape: [6],
        kernelInitializer: kernel(1),
        name: 'first',
      }),
      layers.dropout({ rate: 0.2, seed: 4 }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dense({ units: 2, kernelInitializer: kernel(2), name: 'last' }),
    ],
  })
}

async function run(options: Parameters<typeof quickRun>[1]) {
  const [data, model] = [imbalancedSamples(), seededNetwork()]
  const { rounds } = await prune(model, quickRun(data, { schedule: [1, 0.5, 0.2], ...options }))
  const outcome = {
    masks: rounds.map(({ mask }) => mask),
    weights: weightBits(model),
    reports: rounds.map(({ evaluation, trainingLoss }) => ({ evaluation, trainingLoss })),
  }
  data.xs.dispose()
  model.dispose()
  return outcome
}

const labels = Int32Array.from({ length: 40 }, (_, i) => Number(i % 5 === 0))

describe('prune run twice', () => {
  test.each([
    ['of the batch order', { training: { seed: 5 } }, { training: { seed: 6 } }],
    ['of a criterion', { criterion: random({ seed: 1 }) }, { criterion: random({ seed: 2 }) }],
    ['of a rewinder', { rewind: reinitialise({ seed: 1 }) }, { rewind: reinitialise({ seed: 2 }) }],
    [
      'of a batch sampler',
      { training: { batches: stratifiedBatches({ labels, batchSize: 8, seed: 1 }) } },
      { training: { batches: stratifiedBatches({ labels, batchSize: 8, seed: 2 }) } },
    ],
    [
      'and Adam',
      { training: { optimizer: () => train.adam(0.01) } },
      { training: { optimizer: () => train.sgd(0.1) } },
    ],
  ])(
    'prune with the same seed %s gives the same masks, weights and reports to the last bit',
    async (_name, options, others) => {
      const [first, second, other] = [await run(options), await run(options), await run(others)]
      expect(second).toEqual(first)
      expect(other.weights).not.toEqual(first.weights)
    },
  )
})
