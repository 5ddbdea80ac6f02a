import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'
import { fillWeights } from '../support/weights.js'
import { onnxDifference } from './support/differences.js'

test.each([13, 17, 18, 22])('toOnnx writes operations of version %i that run', async (opset) => {
  const model = fillWeights(
    sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
        layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
        layers.layerNormalization(),
        layers.upSampling2d({ size: [2, 2] }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    }),
  )
  for (const values of ['float32', 'int8'] as const) {
    const difference = await onnxDifference(model, { options: { opset, values } })
    expect(difference).toBeLessThan(values === 'float32' ? 1e-5 : 0.1)
  }
  model.dispose()
})

test.each([12, 23, 17.5])('toOnnx refuses version %f of the operations', async (opset) => {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] })
  await expect(toOnnx(model, { opset })).rejects.toThrow(
    'Cannot write ONNX: expected opset to be a whole number from 13 to 22',
  )
  model.dispose()
})

test('toOnnx refuses a model that is disposed', async () => {
  const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] })
  model.dispose()
  await expect(toOnnx(model)).rejects.toThrow(
    'Cannot write ONNX: expected a model in use, got one disposed of',
  )
})

test('toOnnx names a layer that ONNX has no words for, nested ones by their path', async () => {
  const inner = sequential({
    name: 'inner',
    layers: [
      layers.resizing({ height: 2, width: 2, name: 'small', inputShape: [4, 4, 1] } as never),
    ],
  })
  const model = sequential({ layers: [layers.reLU({ inputShape: [4, 4, 1] }), inner] })
  await expect(toOnnx(model)).rejects.toThrow(/Cannot write ONNX: .*inner\/small \(Resizing\)/)
  model.dispose()
})
