import {
  backend,
  dispose,
  losses,
  memory,
  type Optimizer,
  type Scalar,
  setBackend,
  type Tensor,
  tensor,
  train,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { noise, watchHeap } from './support.js'

/**
 * Convolutions of all kinds, pooling, batch normalisation and dense layers, with weights that are
 * always the same.
 */
function network(): LayersModel {
  const model = sequential({
    layers: [
      layers.conv2d({
        inputShape: [12, 11, 3],
        filters: 6,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.batchNormalization(),
      layers.depthwiseConv2d({
        kernelSize: 3,
        padding: 'same',
        depthMultiplier: 2,
        activation: 'relu',
      }),
      layers.separableConv2d({ filters: 4, kernelSize: 2, strides: 2 }),
      layers.flatten(),
      layers.dense({ units: 7, activation: 'relu' }),
      layers.dense({ units: 2 }),
    ],
  })
  const positive = (name: string) => /variance|gamma/.test(name)
  const shapes = model.weights.map(({ shape, originalName }) => ({
    shape: shape as number[],
    name: originalName,
  }))
  const weights = shapes.map(({ shape, name }, index) =>
    positive(name) ? tensor(new Float32Array(5).fill(1)) : noise(shape, index + 1),
  )
  model.setWeights(weights)
  dispose(weights)
  return model
}

const batch = () => ({
  xs: noise([8, 12, 11, 3], 40),
  ys: tensor([
    [1, 0],
    [0, 1],
    [1, 0],
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
    [1, 0],
  ]),
})

async function weightsAfterFit(name: 'cpu' | 'wasm'): Promise<number[]> {
  await setBackend(name)
  const model = network()
  model.compile({
    optimizer: train.momentum(0.01, 0.9),
    loss: (y, p) => losses.softmaxCrossEntropy(y, p),
  })
  const { xs, ys } = batch()
  await model.fit(xs, ys, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 })
  const values = model.getWeights().flatMap((weight) => [...weight.dataSync()])
  model.dispose()
  dispose([xs, ys])
  await setBackend('wasm')
  return values
}

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('training on wasm', () => {
  beforeAll(() => void registerWasmGradients())

  it('model.fit ends with the weights that it has on the cpu backend', async () => {
    const [wanted, got] = [await weightsAfterFit('cpu'), await weightsAfterFit('wasm')]
    const start = network()
      .getWeights()
      .flatMap((weight) => [...weight.dataSync()])
    expect(got).toHaveLength(wanted.length)
    expect(Math.max(...got.map((value, index) => Math.abs(value - wanted[index]!)))).toBeLessThan(
      1e-4,
    )
    expect(Math.max(...got.map((value, index) => Math.abs(value - start[index]!)))).toBeGreaterThan(
      1e-2,
    )
  })

  it('steps leave no tensor, no data and no memory of the heap behind', () => {
    const model = network()
    const { xs, ys } = batch()
    const optimizer: Optimizer = train.adam(0.01)
    const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
    const loss = () =>
      losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as Tensor) as Scalar
    const step = () => {
      const { value, grads } = variableGrads(loss, variables)
      optimizer.applyGradients(grads)
      value.dispose()
      dispose(grads)
    }
    for (let i = 0; i < 2; i++) step()
    const taken = watchHeap()
    step() // all the tensors that a step replaces are watched from here on
    const count = () => [
      memory().numTensors,
      memory().numBytes,
      memory().numDataBuffers,
      backend().numDataIds(),
      taken(),
    ]
    const before = count()
    for (let i = 0; i < 5; i++) step()
    expect(count()).toEqual(before)
  })
})
