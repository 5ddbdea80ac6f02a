import * as tf from '@tensorflow/tfjs'
import * as ort from 'onnxruntime-web'
import { expect, it } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'

it('toOnnx writes a network of dense layers that another runtime runs', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'gelu', inputShape: [4] }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  })
  const bytes = await toOnnx(model)
  const session = await ort.InferenceSession.create(bytes)
  const x = tf.randomNormal([2, 4], 0, 1, 'float32', 1)
  const got = await session.run({
    [session.inputNames[0]!]: new ort.Tensor('float32', x.dataSync(), [2, 4]),
  })
  const wanted = model.predict(x) as tf.Tensor
  const values = got[session.outputNames[0]!]!.data as Float32Array
  for (const [i, value] of wanted.dataSync().entries()) expect(values[i]).toBeCloseTo(value, 5)
})
