import { mul, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import {
  input,
  LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
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

/** A layer of a user that holds others. */
class Block extends layers.Layer {
  static className = 'Block'
  readonly layers = [layers.dense({ units: 4, name: 'within' })]
  constructor(readonly options: { name: string; tells: boolean }) {
    super({ name: options.name, inputShape: [4] } as never)
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return mul(this.layers[0]!.apply([inputs].flat()[0]!) as Tensor, 2)
  }
  override getConfig() {
    const all = [{ className: 'Dense', config: { name: 'within' } }]
    return { ...super.getConfig(), ...(this.options.tells && { layers: all }) }
  }
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
    const own: LayersModel = fillWeights(sequential({ layers: build() }))
    const plain = await modelSource(own)
    expect(refusalOf(() => readNetwork(plain))).toMatch(/has inherited this name/)
    const network = readNetwork(await modelSource(own, { tensor, tidy }))
    expect(network.steps.map(({ operation }) => operation.kind)).toContain('layerCall')
    expectSameOutputs(own, network)
  })

  test.each([
    ['Model', true],
    ['Own', true],
    ['Own', false],
  ])('a nested model of the class %s, with a call of its own: %s', async (name, hasCall) => {
    class Tripled extends LayersModel {
      static override className = name
      override call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[] {
        const made = [super.call(inputs, kwargs)].flat()[0]!
        return hasCall ? mul(made, 3) : made
      }
    }
    class Plain extends LayersModel {
      static override className = name
    }
    const x = input({ shape: [4] })
    const outputs = layers.dense({ units: 2 }).apply(x) as SymbolicTensor
    const inner = new (hasCall ? Tripled : Plain)({ inputs: x, outputs, name: 'inner' })
    const y = input({ shape: [4] })
    const whole = model({ inputs: y, outputs: inner.apply(y) as SymbolicTensor })
    const network = readNetwork(await modelSource(fillWeights(whole), { tensor, tidy }))
    expect(network.steps.map(({ operation }) => operation.kind)).toEqual([
      hasCall ? 'layerCall' : 'product',
    ])
    expectSameOutputs(whole, network)
  })

  test.each([false, true])('a layer that holds layers, in its config too: %s', async (tells) => {
    const own = fillWeights(sequential({ layers: [new Block({ name: 'block', tells })] }))
    const plain = await modelSource(own)
    expect(refusalOf(() => readNetwork(plain))).toContain('run others, got block (Block)')
    const network = readNetwork(await modelSource(own, { tensor, tidy }))
    expectSameOutputs(own, network)
  })

  test('stock layers are compiled as ever', async () => {
    const stock = layers.timeDistributed({ layer: layers.dense({ units: 3 }), inputShape: [2, 4] })
    const network = readNetwork(await modelSource(sequential({ layers: [stock] })))
    expect(network.steps.map(({ operation }) => operation.kind)).toEqual(['product'])
  })
})
