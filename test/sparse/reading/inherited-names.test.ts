import { mul, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { refusalOf } from '../../support/refusal-of.js'
import { fillWeights } from '../../support/weights.js'
import { expectSameOutputs } from '../support/compare.js'

type Class = new (config: object) => layers.Layer
const Dense = layers.dense({ units: 1 }).constructor as Class

/** It has the class name of the layer that it extends. */
class Doubled extends Dense {
  override call(inputs: Tensor | Tensor[], kwargs: object): Tensor {
    return tidy(() => mul(super.call(inputs, kwargs) as Tensor, 2))
  }
}

/** It says that name itself. */
class Named extends Doubled {
  static className = 'Dense'
}

const doubled = (options: object = {}) => new Doubled({ name: 'doubled', units: 3, ...options })

const models: readonly [string, () => layers.Layer[]][] = [
  ['a layer', () => [doubled({ inputShape: [4] })]],
  [
    'a layer that repeats it',
    () => [new Named({ name: 'doubled', units: 3, inputShape: [4] }) as layers.Layer],
  ],
  ['a wrapped layer', () => [layers.timeDistributed({ layer: doubled(), inputShape: [2, 4] })]],
  [
    'a layer of a nested model',
    () => [sequential({ layers: [doubled({ inputShape: [4] })] }) as unknown as layers.Layer],
  ],
]

describe('a class that inherits the name of a stock one', () => {
  test.each(models)('is not compiled as that: %s', async (_, build) => {
    const model: LayersModel = fillWeights(sequential({ layers: build() }))
    const plain = await modelSource(model)
    expect(refusalOf(() => readNetwork(plain))).toMatch(/has inherited this name/)
    const network = readNetwork(await modelSource(model, { tensor, tidy }))
    expect(network.steps.map(({ operation }) => operation.kind)).toContain('layerCall')
    expectSameOutputs(model, network)
  })

  test('stock layers are compiled as ever', async () => {
    const stock = layers.timeDistributed({ layer: layers.dense({ units: 3 }), inputShape: [2, 4] })
    const network = readNetwork(await modelSource(sequential({ layers: [stock] })))
    expect(network.steps.map(({ operation }) => operation.kind)).toEqual(['product'])
  })
})
