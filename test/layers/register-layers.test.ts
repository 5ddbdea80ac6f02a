import { io, serialization, train } from '@tensorflow/tfjs-core'
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { masksOf } from '../../src/layers/masks-of.js'
import { maskableLayers, registerLayers } from '../../src/layers/register-layers.js'
import { withMasks } from '../../src/layers/with-masks.js'
import {
  fillWeights,
  layerCases,
  nothingRevived,
  outputBits,
  randomMask,
  randomTensor,
  tangledModel,
} from './models.js'
import { artifactsOf } from './save-models.js'

describe('registerLayers', () => {
  it('registerLayers makes one masking class of each maskable layer known, once, when called and not before', () => {
    const { classNameMap } = serialization.SerializationMap.getMap()
    const known = () => Object.keys(classNameMap).filter((name) => name.startsWith('tfjs-prune>'))
    expect(known()).toEqual([])
    registerLayers()
    const first = { ...classNameMap }
    expect(known()).toEqual(maskableLayers().map((name) => `tfjs-prune>${name}`))
    registerLayers()
    expect({ ...classNameMap }).toEqual(first)
  })

  it('registerLayers covers the layers that these tests look at', () => {
    expect(layerCases.map(({ className }) => className)).toEqual(maskableLayers())
  })

  it.each(layerCases)(
    'registerLayers lets tfjs load a masked $className with its mask',
    async (layerCase) => {
      const model = layerCase.build()
      const mask = randomMask(model, () => true)
      const masked = withMasks(model, mask)
      const loaded = await loadLayersModel(io.fromMemory(await artifactsOf(masked)))
      expect(masksOf(loaded)).toEqual(mask)
      expect(loaded.toJSON()).toBe(masked.toJSON())
      expect(nothingRevived(loaded, mask)).toBe(true)
    },
  )

  it('registerLayers lets a loaded model compute the same and hold its mask in further training', async () => {
    const model = tangledModel()
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    const x = [randomTensor([3, 4], 5), randomTensor([3, 4], 6)]
    const artifacts = await artifactsOf(masked)
    expect(artifacts.weightSpecs!.find(({ name }) => name === 'twin/kernel_mask')!.dtype).toBe(
      'bool',
    )
    const loaded = await loadLayersModel(io.fromMemory(artifacts))
    const before = outputBits(masked, x)
    expect(outputBits(loaded, x)).toEqual(before)
    loaded.compile({ optimizer: train.momentum(0.01, 0.9), loss: 'meanSquaredError' })
    await loaded.fit(x, [randomTensor([3, 2]), randomTensor([3, 1])], { epochs: 20, verbose: 0 })
    expect(nothingRevived(loaded, mask)).toBe(true)
    expect(outputBits(loaded, x)).not.toEqual(before)
  })

  it('registerLayers lets tfjs load masks within TimeDistributed and Bidirectional', async () => {
    const layer = layers.gru({ units: 2, recurrentInitializer: 'glorotNormal' })
    const inner = layers.dense({ units: 3 })
    const model = fillWeights(
      sequential({
        layers: [
          layers.timeDistributed({ layer: inner, inputShape: [4, 2] }),
          layers.bidirectional({ layer, mergeMode: 'sum' }),
        ],
      }),
    )
    const mask = randomMask(model)
    const masked = withMasks(model, mask)
    const loaded = await loadLayersModel(io.fromMemory(await artifactsOf(masked)))
    expect(masksOf(loaded)).toEqual(mask)
    expect(outputBits(loaded, randomTensor([2, 4, 2]))).toEqual(
      outputBits(masked, randomTensor([2, 4, 2])),
    )
  })
})
