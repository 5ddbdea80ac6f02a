import { mul, randomNormal, type Tensor, train } from '@tensorflow/tfjs-core'
import { input, LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { NotTrainable } from '../../../src/sparse/training/gradients/not-trainable.js'
import { openTraining } from '../../../src/sparse/training/open-training.js'
import './support.js'

const opened = (of: LayersModel) =>
  openTraining({ model: of, kept: new Map(), optimizer: train.sgd(0.1), clipNorm: undefined })

it('a layer that is reached by two paths is left to tfjs: each has a part of its gradient', async () => {
  const shared = layers.dense({ units: 4, inputShape: [4] })
  const inner = sequential({ layers: [shared, layers.dense({ units: 4 })] })
  const from = input({ shape: [4] })
  const both = layers.concatenate().apply([inner.apply(from), shared.apply(from)] as never)
  const of = model({
    inputs: from,
    outputs: layers.dense({ units: 3 }).apply(both as never) as never,
  })
  await expect(opened(of)).rejects.toThrow(NotTrainable)
  await expect(opened(of)).rejects.toThrow('reached by two paths')
})

it('a layer that is called twice on one path is trained', async () => {
  const shared = layers.dense({ units: 4, inputShape: [4] })
  const from = input({ shape: [4] })
  const of = model({ inputs: from, outputs: shared.apply(shared.apply(from)) as never })
  const training = await opened(of)
  training.dispose()
})

const plain = () => sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })

it('a model of a class of its own, and one whose call was replaced, are left to tfjs', async () => {
  class Twice extends LayersModel {
    override call(inputs: Tensor, options: object): Tensor {
      return mul(super.call(inputs, options) as Tensor, 2)
    }
  }
  const { inputs, outputs } = plain()
  await expect(opened(new Twice({ inputs, outputs }))).rejects.toThrow('a class of its own')
  for (const method of ['call', 'apply'] as const) {
    const of = plain()
    Object.assign(of, { [method]: () => randomNormal([1, 2]) })
    await expect(opened(of)).rejects.toThrow('a class of its own')
    const layered = plain()
    Object.assign(layered.layers[0]!, { [method]: () => randomNormal([1, 2]) })
    await expect(opened(layered)).rejects.toThrow('a call of its own')
  }
})
