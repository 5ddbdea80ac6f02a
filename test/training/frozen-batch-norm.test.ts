import { memory, type Tensor, tensor1d, tensor2d, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, magnitude, prune } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { fillWeights, weightsByName } from '../support/weights.js'

const norm = (args = {}) => layers.batchNormalization({ name: 'norm', momentum: 0.5, ...args })
const head = () => layers.dense({ name: 'head', units: 2 })

/** The norm before a head of seeded weights: mean 1 and variance 4 by feature. */
function withStatistics(model: LayersModel, path: layers.Layer): LayersModel {
  fillWeights(model)
  path.setWeights(
    path.getWeights().map((values, i, all) => {
      const of = { mean: [1, 1], variance: [4, 4] }
      if (i === all.length - 2) return tensor1d(of.mean)
      return i === all.length - 1 ? tensor1d(of.variance) : values
    }),
  )
  return model
}

const frozenModels: Record<string, () => LayersModel> = {
  'a layer': () => {
    const frozen = norm({ inputShape: [2], trainable: false })
    return withStatistics(sequential({ layers: [frozen, head()] }), frozen)
  },
  'a layer without scale and centre': () => {
    const frozen = norm({ inputShape: [2], trainable: false, scale: false, center: false })
    return withStatistics(sequential({ layers: [frozen, head()] }), frozen)
  },
  'a layer of a frozen trunk': () => {
    const inner = norm({ inputShape: [2], scale: false })
    const trunk = sequential({ name: 'trunk', layers: [inner] })
    const model = sequential({ layers: [trunk, head()] })
    trunk.trainable = false
    return withStatistics(model, inner)
  },
}

const xs = () => tensor2d(rows)
const rows = [
  [9, -5],
  [3, 2],
  [7, 0],
  [1, 1],
]
const ys = [0, 1, 1, 0]

const options = () => ({ optimizer: () => train.sgd(0.1), epochs: 3, batchSize: 2 })

test.each(Object.keys(frozenModels))(
  'fit holds the statistics of %s that is frozen',
  async (kind) => {
    const model = frozenModels[kind]!()
    const before = weightsByName(model)
    const data = { xs: xs(), ys }
    const tensors = memory().numTensors
    await prune(model, {
      train: fit(data, options()),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      criterion: magnitude(),
      schedule: [1],
    })
    expect(memory().numTensors).toBe(tensors)
    const after = weightsByName(model)
    for (const name of Object.keys(before)) {
      if (name.startsWith('head/')) expect(after[name]).not.toEqual(before[name])
      else expect(after[name]).toEqual(before[name])
    }
  },
)

test('fit trains the head on the outputs that a frozen norm has in inference', async () => {
  const [model, alone] = [
    frozenModels['a layer']!(),
    sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [2] })] }),
  ]
  const [frozen, top] = model.layers
  alone.setWeights(top!.getWeights())
  const normed = frozen!.apply(xs()) as Tensor
  const run = (of: LayersModel, inputs: Tensor) =>
    prune(of, {
      train: fit({ xs: inputs, ys }, options()),
      evaluate: evaluateOn({ xs: inputs, ys }, { positiveClass: 1 }),
      criterion: magnitude(),
      schedule: [1],
    })
  await run(model, xs())
  await run(alone, normed)
  expect(weightsByName(model)['head/kernel']).toEqual(weightsByName(alone)['head/kernel'])
})

test('fit moves the statistics of a norm that is not frozen, and leaves its layer as it was', async () => {
  const free = norm({ inputShape: [2] })
  const model = withStatistics(sequential({ layers: [free, head()] }), free)
  const data = { xs: xs(), ys }
  await prune(model, {
    train: fit(data, options()),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    criterion: magnitude(),
    schedule: [1],
  })
  expect(weightsByName(model)['norm/moving_mean']).not.toEqual(Float32Array.of(1, 1))
  const frozen = frozenModels['a layer']!()
  await fit(
    data,
    options(),
  )({
    ...{ model: frozen, round: 0, density: 1, learningRate: 'rewound', dataOrder: 'rewound' },
    ...{ resumeAt: { epoch: 0, step: 0, batch: 0 }, hold: (optimizer) => optimizer },
    ...{ checkpoint: async () => {}, restoreOptimizer: async () => {}, signal: undefined },
    ...{ keepOptimizer: async () => {}, progress: () => {} },
  })
  expect(Object.hasOwn(frozen.layers[0]!, 'call')).toBe(false)
})

test('fit trains through a norm without scale and centre, whose mean follows the batches', async () => {
  const free = norm({ inputShape: [2], scale: false, center: false })
  const model = withStatistics(sequential({ layers: [free, head()] }), free)
  const data = { xs: xs(), ys }
  await prune(model, {
    train: fit(data, { ...options(), epochs: 1, batchSize: 4 }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: [1],
  })
  // 0.5 * 1 + 0.5 * the mean of the batch, 5 and -0.5
  expect(weightsByName(model)['norm/moving_mean']).toEqual(Float32Array.of(3, 0.25))
})
