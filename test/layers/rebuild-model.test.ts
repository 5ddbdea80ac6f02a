import { memory, serialization, type Tensor } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { afterEach, describe, expect, it } from 'vitest'
import { strip } from '../../src/files/strip.js'
import { shrink } from '../../src/shrink/shrink.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'

/** A class that cannot be made from its config, for that does not tell the option that it wants. */
class Wanting extends layers.Layer {
  static className = 'RebuildWanting'
  constructor(config: { readonly name?: string; readonly size?: { readonly value: number } }) {
    super(config as never)
    if (config.size!.value < 1) throw new Error('too small')
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return [inputs].flat()[0]!.clone()
  }
}

/** A class that nobody registers. */
class Unknown extends layers.Layer {
  static className = 'RebuildUnknown'
  override call(inputs: Tensor | Tensor[]): Tensor {
    return [inputs].flat()[0]!.clone()
  }
}

describe('strip', () => {
  afterEach(() => {
    Reflect.deleteProperty(serialization.SerializationMap.getMap().classNameMap, 'RebuildWanting')
  })

  it('strip leaves no weight behind when a later layer cannot be built from its config', () => {
    serialization.registerClass(Wanting as never)
    const first = layers.dense({ units: 3, inputShape: [2] })
    const model = sequential({
      layers: [first, new Wanting({ size: { value: 1 } }), layers.dense({ units: 1 })],
    })
    const before = memory().numTensors
    expect(refusalOf(() => strip(model))).toMatch(
      /^TypeError: Cannot rebuild the model: expected layers that can be built from what their getConfig\(\) tells, got .*'value'/,
    )
    expect(memory().numTensors).toBe(before)
  })

  it('strip refuses an unknown class within a wrapper before it makes anything', () => {
    const wrapper = layers.timeDistributed({ layer: new Unknown({ name: 'inner' }) })
    const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [4, 2] }), wrapper] })
    const before = memory().numTensors
    expect(refusalOf(() => strip(model))).toBe(
      'TypeError: Cannot rebuild the model: expected a class known to tf.serialization.registerClass, got RebuildUnknown (inner)',
    )
    expect(memory().numTensors).toBe(before)
  })

  it('strip and shrink name the separable convolution whose depth multiplier tfjs does not save', async () => {
    const separable = layers.separableConv2d({
      name: 'deep',
      filters: 2,
      kernelSize: 3,
      depthMultiplier: 2,
      inputShape: [4, 4, 1],
    })
    const model = sequential({ layers: [separable, layers.flatten(), layers.dense({ units: 1 })] })
    const before = memory().numTensors
    const refusal =
      'TypeError: Cannot rebuild the model: expected a config that tells the shape [3, 3, 1, 2] of deep/depthwise_kernel, got [3, 3, 1, 1] of SeparableConv2D, as tfjs saves no depthMultiplier'
    expect(refusalOf(() => strip(model))).toBe(refusal)
    expect(await lateRefusalOf(() => shrink(model))).toBe(refusal)
    expect(memory().numTensors).toBe(before)
  })
})
