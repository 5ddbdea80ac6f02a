import { memory, type Tensor, tensor1d, tensor2d, train } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { computeMask, evaluateOn, fit, magnitude, prune, taylor } from 'tfjs-prune'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { goodLabels, goodRows, takersModel } from '../support/data-takers.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'

let model: LayersModel
let data: { xs: Tensor; ys: Tensor }
let before: number
beforeEach(() => {
  before = memory().numTensors
  model = takersModel()
  data = { xs: tensor2d(goodRows), ys: tensor1d(goodLabels) }
})
afterEach(() => {
  for (const one of [model, data.xs, data.ys]) one.dispose()
  expect(memory().numTensors).toBe(before)
})

const options = { optimizer: () => train.momentum(0.05, 0.9), epochs: 2, batchSize: 4 }
const refusal = (task: string, name: string) =>
  `Error: Cannot ${task}: expected ${name} that lives until the work has ended, got a disposed tensor: dispose it later`

test.each(['xs', 'ys'] as const)(
  'fit says that its %s were disposed between two steps',
  async (name) => {
    let steps = 0
    const checkpoint = async () => {
      steps++
      data[name].dispose()
    }
    const training = fit(data, options)
    expect(await lateRefusalOf(async () => training(contextOf(model, { checkpoint })))).toBe(
      refusal('train', name),
    )
    expect(steps).toBe(1)
  },
)

test.each(['xs', 'ys'] as const)(
  'prune says that its %s were disposed after a round',
  async (name) => {
    const own = { xs: data.xs.clone(), ys: data.ys.clone() }
    const run = prune(model, {
      train: fit(own, options),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      criterion: magnitude(),
      schedule: [1, 0.5, 0.25],
      onProgress: ({ kind }) => {
        if (kind === 'round-finished') own[name].dispose()
      },
    })
    expect(await lateRefusalOf(() => run)).toBe(refusal('train', name))
    for (const one of [own.xs, own.ys]) one.dispose()
  },
)

test('prune says that the data of evaluateOn were disposed', async () => {
  const run = prune(model, {
    train: fit({ xs: goodRows, ys: goodLabels }, options),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    criterion: magnitude(),
    schedule: [1, 0.5, 0.25],
    onProgress: ({ kind }) => {
      if (kind === 'round-finished') data.xs.dispose()
    },
  })
  expect(await lateRefusalOf(() => run)).toBe(refusal('evaluate', 'xs'))
})

test.each(['xs', 'ys'] as const)(
  'computeMask says that %s were disposed between two passes',
  async (name) => {
    const run = computeMask(model, {
      density: 0.5,
      criterion: taylor(),
      samples: { ...data, batchSize: 2 },
      onProgress: () => data[name].dispose(),
    })
    expect(await lateRefusalOf(() => run)).toBe(refusal('gather statistics', name))
  },
)
