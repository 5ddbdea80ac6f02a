import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import { input, LayersModel, layers, model as modelOf, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { through } from '../support/through.js'

/** A class of a user that doubles its input, under any name. */
function doubling(name: string): layers.Layer {
  class Doubling extends layers.Layer {
    static readonly className = name
    override call(x: Tensor | Tensor[]): Tensor {
      return tidy(() => [x].flat()[0]!.mul(2))
    }
  }
  return new Doubling({})
}

test.each(['Dense', 'Flatten', 'ReLU', 'Dropout', 'Activation'])(
  'toOnnx refuses a class of its own that is called %s',
  async (name) => {
    const dense = layers.dense({ units: 3, inputShape: [3] })
    const model = sequential({ layers: [dense, doubling(name)] })
    const refusal = await lateRefusalOf(() => toOnnx(model))
    expect(refusal).toContain(`(${name}): its class only bears the name of a stock one`)
    model.dispose()
  },
)

test('toOnnx refuses a nested model of a class of its own', async () => {
  class Doubled extends LayersModel {
    override call(...inputs: Parameters<LayersModel['call']>): Tensor | Tensor[] {
      return tidy(() => [super.call(...inputs)].flat()[0]!.mul(2))
    }
  }
  const plain = sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })] })
  const nested = new Doubled({ inputs: plain.inputs, outputs: plain.outputs, name: 'doubled' })
  const row = input({ shape: [3] })
  const model = modelOf({ inputs: row, outputs: through(nested, row) })
  const refusal = await lateRefusalOf(() => toOnnx(model))
  expect(refusal).toContain('doubled (Model): its class is one of its own')
  model.dispose()
})
