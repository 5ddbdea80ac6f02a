import { fill } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'
import { storedConstants } from './support/stored-constants.js'

test('toOnnx writes the weights of one moment where the model is trained meanwhile', async () => {
  const dense = () => layers.dense({ units: 2, kernelInitializer: 'ones' })
  const model = sequential({
    layers: [layers.dense({ units: 2, kernelInitializer: 'ones', inputShape: [2] }), dense()],
  })
  const kernels = model.weights.filter(({ originalName }) => originalName.endsWith('kernel'))
  const trained = async () => {
    for (let step = 0; step < 100; step++) {
      for (const kernel of kernels) kernel.write(fill([2, 2], 2 + step))
      await Promise.resolve()
    }
  }
  const [file] = await Promise.all([toOnnx(model), trained()])
  const values = Object.values(storedConstants(file))
    .filter(({ shape }) => `${shape}` === '2,2')
    .map(({ bytes }) => [...new Float32Array(bytes.buffer)])
  expect(values).toHaveLength(2)
  expect(values[0]).toEqual(values[1])
  model.dispose()
})
