import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'
import { opsetDifference } from './support/opset-differences.js'

const memory = () => layers.gru({ units: 2, recurrentInitializer: 'glorotUniform', name: 'memory' })

test.each([
  ['an Embedding', () => layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true })],
  ['a Masking', () => layers.masking({ inputShape: [4, 2] })],
])('toOnnx refuses a recurrent layer that the mask of %s reaches', async (_, maker) => {
  const net = sequential({ layers: [maker(), layers.dense({ units: 2 }), memory()] })
  await expect(toOnnx(net)).rejects.toThrow(/memory \(GRU\): .* makes a mask that it may obey/)
  net.dispose()
})

test('toOnnx writes an Embedding that makes a mask which no layer reads', async () => {
  const embedding = layers.embedding({ inputDim: 5, outputDim: 2, maskZero: true })
  const net = sequential({ layers: [embedding, layers.globalAveragePooling1d({})] })
  expect(await opsetDifference(net, { below: 5 })).toBeLessThan(1e-5)
})
