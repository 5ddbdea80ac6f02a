import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { opsetDifference } from '../support/opset-differences.js'

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

  test('toOnnx refuses a TimeDistributed of a model and tells the way on', async () => {
    const inner = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
    const net = distributed(inner, [4, 3])
    await expect(toOnnx(net)).rejects.toThrow('wrap each of its layers')
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
