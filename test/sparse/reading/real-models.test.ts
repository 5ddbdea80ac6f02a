import { type LayersModel, model, models, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { loadNsfw } from '../../real-models/nsfw.js'
import { expectSameOutputs } from '../support/compare.js'

/** The same model for smaller images, to save time; its features are an output too. */
async function smaller(whole: LayersModel, side: number): Promise<LayersModel> {
  const json = JSON.stringify(whole.toJSON(null, false))
  const [, width] = /"batch_input_shape":\[null,(\d+),/.exec(json)!
  const last = side === 64 ? 2 : 1
  const small = json
    .replaceAll(`[null,${width},${width},3]`, `[null,${side},${side},3]`)
    .replaceAll(/"(pool_size|strides)":\[(7,7|8,8)\]/g, `"$1":[${last},${last}]`)
  const made = await models.modelFromJSON(JSON.parse(small))
  made.setWeights(whole.getWeights())
  const features = made.getLayer('flatten_1').output as SymbolicTensor
  return model({ inputs: made.inputs, outputs: [made.outputs[0]!, features] })
}

describe('models as they are in use', () => {
  test.each([
    ['mobilenet_v2', 64, 55],
    ['inception_v3', 75, 97],
  ] as const)('%s of %i pixels', async (name, side, products) => {
    const own = await smaller(await loadNsfw(name), side)
    const network = readNetwork(await modelSource(own))
    expectSameOutputs(own, network, 1)
    const kinds = network.steps.map(({ operation }) => operation.kind)
    expect(kinds.filter((kind) => kind === 'product').length).toBe(products)
    expect(kinds).not.toContain('scale')
    expect(kinds).not.toContain('layerCall')
  })
})
