import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { opsetDifference } from '../support/opset-differences.js'
import { storedConstants } from '../support/stored-constants.js'

function distributed(layer: layers.Layer, inputShape: (number | null)[]) {
  const wrapper = layers.timeDistributed({ layer, inputShape: inputShape as number[] })
  return fillWeights(sequential({ layers: [wrapper] }))
}

const start = { recurrentInitializer: 'glorotUniform' } as const
const conv = () => layers.conv2d({ filters: 2, kernelSize: 2, activation: 'relu' })

describe('TimeDistributed as ONNX', () => {
  test.each([
    ['a Dense', () => layers.dense({ units: 3, activation: 'softmax' }), [4, 2]],
    ['a Dense of open steps', () => layers.dense({ units: 3 }), [null, 2]],
    ['a convolution', conv, [3, 4, 4, 2]],
    ['a convolution of open steps', conv, [null, 4, 4, 2]],
    ['a Flatten', () => layers.flatten(), [3, 2, 2, 2]],
    ['a pooling', () => layers.maxPooling2d({ poolSize: 2 }), [3, 4, 4, 2]],
    ['a recurrent layer', () => layers.gru({ ...start, units: 2 }), [3, 4, 2]],
  ] as const)('toOnnx writes a TimeDistributed of %s', async (_, make, shape) => {
    const net = distributed(make(), [...shape])
    expect(await opsetDifference(net, { batches: [1, 2] })).toBeLessThan(1e-5)
  })

  const conv2d = () => layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1] })
  const tower = () => sequential({ layers: [conv2d(), layers.batchNormalization()] })
  const deep = () => sequential({ layers: [tower(), layers.flatten(), layers.dense({ units: 3 })] })

  test.each([
    ['a Sequential', tower, [3, 4, 4, 1]],
    ['models in a model, of open steps', deep, [null, 4, 4, 1]],
    [
      'a model with branches',
      () => {
        const x = input({ shape: [4] })
        const [one, other] = [2, 2].map((units) => layers.dense({ units }).apply(x))
        const outputs = layers.concatenate().apply([one, other, x] as SymbolicTensor[])
        return model({ inputs: x, outputs: outputs as SymbolicTensor })
      },
      [3, 4],
    ],
  ] as const)('toOnnx writes a TimeDistributed of %s', async (_, make, shape) => {
    const net = distributed(make(), [...shape])
    expect(await opsetDifference(net, { batches: [1, 2] })).toBeLessThan(1e-5)
  })

  test('toOnnx names the layers of a model in a TimeDistributed by their path', async () => {
    const net = distributed(tower(), [3, 4, 4, 1])
    const [wrapper] = net.layers as [
      layers.Layer & { layer: { name: string; layers: layers.Layer[] } },
    ]
    const { name, layers: inner } = wrapper.layer
    const names = Object.keys(storedConstants(await toOnnx(net)))
    expect(names).toContain(`${wrapper.name}/${name}/${inner[0]!.name}/kernel`)
    net.dispose()
  })

  test('toOnnx refuses a layer of a model in a TimeDistributed by its path', async () => {
    const inner = sequential({
      ...{ name: 'inner', layers: [layers.dense({ units: 2, name: 'own', inputShape: [3] })] },
    })
    const stock = layers.dense({ units: 2 }).constructor as new (args: object) => layers.Layer
    class Own extends stock {}
    inner.add(new Own({ units: 2, name: 'last' }))
    const net = distributed(inner, [4, 3])
    await expect(toOnnx(net)).rejects.toThrow('/inner/last (')
    net.dispose()
  })

  test('toOnnx refuses a TimeDistributed of a model that takes another type', async () => {
    const x = input({ shape: [4, 3], dtype: 'int32' })
    const inner = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
    const outputs = layers.timeDistributed({ layer: inner }).apply(x) as SymbolicTensor
    const net = model({ inputs: x, outputs })
    await expect(toOnnx(net)).rejects.toThrow('the input of its model is int32; hand all inputs')
    net.dispose()
  })

  test('toOnnx refuses a class of its own in a wrapper that inherits a name', async () => {
    const stock = layers.dense({ units: 2 }).constructor as new (args: object) => layers.Layer
    class Own extends stock {}
    const net = distributed(new Own({ units: 2 }), [4, 3])
    await expect(toOnnx(net)).rejects.toThrow('a class of its own has inherited this name')
    net.dispose()
  })

  test('toOnnx refuses a cell of its own that inherits a name', async () => {
    const stock = layers.gruCell({ units: 2 }).constructor as new (args: object) => layers.Layer
    class Own extends stock {}
    const cell = new Own({ ...start, units: 2 }) as unknown as ReturnType<typeof layers.gruCell>
    const net = sequential({ layers: [layers.rnn({ cell, inputShape: [4, 3] })] })
    await expect(toOnnx(net)).rejects.toThrow('a cell of its own has inherited its name')
    net.dispose()
  })
})
