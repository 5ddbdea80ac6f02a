import {
  dispose,
  gather,
  memory,
  type Optimizer,
  type Scalar,
  slice,
  type Tensor,
  tensor1d,
  tensor2d,
  train,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  regularizers,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  type BatchSampler,
  classDependent,
  type FitOptions,
  fit,
  paper,
  shuffledBatches,
  stratifiedBatches,
  type TrainingData,
  weightedCrossentropy,
} from 'tfjs-prune'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imbalancedSamples, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { fillWeights, weightsByName } from '../support/weights.js'
import { contextOf } from './context.js'

let data: Samples
beforeAll(() => {
  data = imbalancedSamples(20)
})
afterAll(() => data.xs.dispose())

/** Trains a model and says what it became; the model is disposed. */
async function fitted(
  from: TrainingData,
  options: Partial<FitOptions>,
  of: LayersModel = smallNetwork(),
) {
  const result = await fit(from, { optimizer: () => train.sgd(0.05), epochs: 2, ...options })(
    contextOf(of),
  )
  const outcome = { result, weights: weightsByName(of), bits: weightBits(of) }
  of.dispose()
  return outcome
}

/** The loop that anyone would write. */
function byHand(sampler: BatchSampler, optimizer: Optimizer, loss = paper.black().atRound(0)) {
  const of = smallNetwork()
  const labels = tensor1d(Array.from(data.ys))
  const variables = of.trainableWeights.map((weight) => weight.read() as Variable)
  let mean = 0
  for (const epoch of [0, 1]) {
    mean = 0
    for (const indices of sampler(epoch)) {
      const rows = tensor1d(indices, 'int32')
      const [xs, ys] = [gather(data.xs, rows), gather(labels, rows)]
      const { value, grads } = variableGrads(
        () => loss(ys, of.apply(xs, { training: true }) as Tensor),
        variables,
      )
      optimizer.applyGradients(grads)
      mean += (value.dataSync()[0]! * indices.length) / 20
      dispose([rows, xs, ys, value, ...Object.values(grads)])
    }
  }
  const bits = weightBits(of)
  dispose([labels])
  of.dispose()
  optimizer.dispose()
  return { bits, mean }
}

describe('fit', () => {
  test.each<[string, () => Optimizer]>([
    ['sgd', () => train.sgd(0.05)],
    ['momentum', () => train.momentum(0.05, 0.9)],
    ['adam', () => train.adam(0.05)],
  ])('fit is the loop that one would write with %s, to the last bit', async (_name, optimizer) => {
    const { bits, result } = await fitted(data, { optimizer, batchSize: 6, seed: 3 })
    const expected = byHand(
      shuffledBatches({ sampleCount: 20, batchSize: 6, seed: 3 }),
      optimizer(),
    )
    expect(bits).toEqual(expected.bits)
    expect(result).toEqual({ loss: expect.closeTo(expected.mean, 5), epoch: 1 })
  })

  test('fit draws its batches from a sampler', async () => {
    const batches = stratifiedBatches({ labels: data.ys, batchSize: 7, seed: 2 })
    const { bits } = await fitted(data, { batches })
    expect(bits).toEqual(byHand(batches, train.sgd(0.05)).bits)
  })

  test('fit takes batches of 32 in the order of seed 0 and the loss of paper.black() unless told otherwise', async () => {
    const { bits } = await fitted(data, {})
    expect(bits).toEqual(
      byHand(shuffledBatches({ sampleCount: 20, batchSize: 32, seed: 0 }), train.sgd(0.05)).bits,
    )
    expect((await fitted(data, { seed: 0, batchSize: 32, loss: paper.black() })).bits).toEqual(bits)
    expect((await fitted(data, { loss: weightedCrossentropy() })).bits).not.toEqual(bits)
  })

  test('fit learns the same from class indices and from one-hot rows', async () => {
    const oneHot = tensor2d(Array.from(data.ys, (label) => [1 - label, label]))
    const [indices, column] = [
      tensor1d(Array.from(data.ys), 'int32'),
      tensor2d(Array.from(data.ys), [20, 1]),
    ]
    const expected = await fitted(data, {})
    for (const ys of [oneHot, indices, column, Array.from(data.ys), Uint8Array.from(data.ys)]) {
      expect((await fitted({ xs: data.xs, ys }, {})).bits).toEqual(expected.bits)
    }
    dispose([oneHot, indices, column])
  })

  test('fit reads inputs from nested arrays', async () => {
    const xs = data.xs.arraySync()
    expect((await fitted({ xs, ys: data.ys }, {})).bits).toEqual((await fitted(data, {})).bits)
  })

  test('fit clips the gradient of a step by its global norm', async () => {
    const before = weightsByName(smallNetwork())
    const stepOf = async (options: Partial<FitOptions>) => {
      const { weights } = await fitted(data, {
        optimizer: () => train.sgd(1),
        epochs: 1,
        ...options,
      })
      return Object.keys(before).flatMap((name) =>
        [...weights[name]!].map((value, i) => value - before[name]![i]!),
      )
    }
    const free = await stepOf({})
    const norm = Math.hypot(...free)
    const clipped = await stepOf({ clipNorm: norm / 4 })
    expect(Math.hypot(...clipped)).toBeCloseTo(norm / 4, 4)
    free.forEach((step, i) => void expect(clipped[i]! * 4).toBeCloseTo(step, 4))
    expect((await fitted(data, { clipNorm: 1e6 })).bits).toEqual((await fitted(data, {})).bits)
  })

  test('fit leaves no tensor', async () => {
    const of = smallNetwork()
    const oneHot = tensor2d(Array.from(data.ys, (label) => [1 - label, label]))
    for (const from of [
      data,
      { xs: data.xs, ys: oneHot },
      { xs: data.xs.arraySync(), ys: [...data.ys] },
    ]) {
      for (const optimizer of [() => train.momentum(0.01, 0.9), () => train.adam(0.01)]) {
        const training = fit(from, {
          optimizer,
          epochs: 2,
          batchSize: 6,
          clipNorm: 1,
          learningRate: () => 0.1,
        })
        await expect(() => training(contextOf(of))).toLeaveNoTensors()
      }
    }
    dispose([oneHot])
    of.dispose()
  })
})

/** A single linear layer from six inputs, with what its kernel gets on top. */
const linear = (extra: object = {}): LayersModel =>
  fillWeights(
    sequential({ layers: [layers.dense({ name: 'linear', units: 2, inputShape: [6], ...extra })] }),
    5,
  )

/** The linear layer in a model of its own. */
function nested(extra: object = {}): LayersModel {
  const inputs = input({ shape: [6] })
  return model({ inputs, outputs: linear(extra).apply(inputs) as typeof inputs })
}

describe('fit of a model', () => {
  test.each([
    ['a model', linear],
    ['a nested model', nested],
  ])('fit counts the regularisers of %s once', async (_name, make) => {
    const kernelRegularizer = regularizers.l2({ l2: 0.1 })
    const options = { epochs: 1, optimizer: () => train.sgd(0.5) }
    const start = Object.values(weightsByName(linear()))[0]!
    const plain = await fitted(data, options, make())
    const decayed = await fitted(data, options, make({ kernelRegularizer }))
    const [kernel, free] = [Object.values(decayed.weights)[0]!, Object.values(plain.weights)[0]!]
    start.forEach(
      (value, i) => void expect(kernel[i]! - free[i]!).toBeCloseTo(-0.5 * 2 * 0.1 * value, 5),
    )
    const penalty = 0.1 * start.reduce((sum, value) => sum + value ** 2, 0)
    const [loss, without] = [decayed.result, plain.result].map(
      (result) => (result as { loss: number }).loss,
    )
    expect(loss! - without!).toBeCloseTo(penalty, 4)
  })

  test('fit trains a model of several inputs', async () => {
    const make = () => {
      const inputs = [input({ shape: [2] }), input({ shape: [4] })]
      const joined = layers.concatenate().apply(inputs) as (typeof inputs)[0]
      const head = layers.dense({ name: 'linear', units: 2 })
      return fillWeights(model({ inputs, outputs: head.apply(joined) as typeof joined }), 5)
    }
    const parts = [slice(data.xs, [0, 0], [-1, 2]), slice(data.xs, [0, 2], [-1, 4])]
    const { bits } = await fitted({ xs: parts, ys: data.ys }, { batchSize: 6 }, make())
    expect(bits).toEqual((await fitted(data, { batchSize: 6 }, linear())).bits)
    dispose(parts)
  })

  test('fit runs layers in their training mode, repeatable where they have a seed', async () => {
    const dropping = (seed: number) => {
      const drop = layers.dropout({ rate: 0.5, seed, inputShape: [6] })
      return fillWeights(
        sequential({ layers: [drop, layers.dense({ name: 'linear', units: 2 })] }),
        5,
      )
    }
    const [first, second, other] = await Promise.all(
      [1, 1, 2].map((seed) => fitted(data, {}, dropping(seed))),
    )
    expect(second!.bits).toEqual(first!.bits)
    expect(other!.bits).not.toEqual(first!.bits)
    expect((await fitted(data, {}, linear())).bits).not.toEqual(first!.bits)
  })

  test('fit does not touch frozen layers', async () => {
    const of = smallNetwork()
    of.getLayer('middle').trainable = false
    const start = weightsByName(of)
    const { weights } = await fitted(data, {}, of)
    expect(weights['middle/kernel']).toEqual(start['middle/kernel'])
    expect(weights['hidden/kernel']).not.toEqual(start['hidden/kernel'])
  })

  test('fit lets a loss of one output learn soft labels', async () => {
    const single = () =>
      fillWeights(
        sequential({ layers: [layers.dense({ name: 'l', units: 1, inputShape: [6] })] }),
        5,
      )
    const loss = classDependent({ gamma: 2 })
    const soft = Array.from(data.ys, (label) => (label === 1 ? 0.9 : 0.1))
    const { result } = await fitted({ xs: data.xs, ys: soft }, { loss, epochs: 1 }, single())
    expect((result as { loss: number }).loss).toBeGreaterThan(0)
    const before = memory().numTensors
    const scalarLoss = (yTrue: Tensor, yPred: Tensor) => loss(yTrue, yPred) as Scalar
    expect(
      (await fitted({ xs: data.xs, ys: soft }, { loss: scalarLoss, epochs: 1 }, single())).result,
    ).toEqual(result)
    expect(memory().numTensors).toBe(before)
  })
})

test('fit takes options that an object inherits', async () => {
  const options: FitOptions = { optimizer: () => train.sgd(0.05), epochs: 2, loss: paper.red() }
  const of = smallNetwork()
  await fit(data, Object.create(options))(contextOf(of))
  const bits = weightBits(of)
  of.dispose()
  expect(bits).toEqual((await fitted(data, options)).bits)
})

test('fit keeps its options when the caller changes the object', async () => {
  const options: FitOptions = { optimizer: () => train.sgd(0.05), epochs: 1, loss: paper.red() }
  const changed: FitOptions = { ...options }
  const training = fit(data, changed)
  Object.assign(changed, { epochs: 3, loss: paper.black(), clipNorm: 1e-9 })
  const of = smallNetwork()
  await training(contextOf(of))
  const bits = weightBits(of)
  of.dispose()
  expect(bits).toEqual((await fitted(data, options)).bits)
})
