import { memory, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { shrink } from '../../src/shrink/shrink.js'
import { loadMobileNetV2 } from '../real-models/nsfw.js'
import { halfOfTheExpansions } from './half-of-the-expansions.js'
import { differenceOf, outputsOf, sizesAfter } from './support.js'

// One image takes 0.3 s on wasm and a minute on the cpu backend: what is tested does not depend on
// it.
const onWasm = process.env.TFJS_BACKEND === 'wasm'

describe.runIf(onWasm)('shrink', () => {
  let model: LayersModel
  let image: Tensor4D
  beforeAll(async () => {
    model = await loadMobileNetV2()
    const { uniform } = randomStream(7)
    image = tensor4d(Float32Array.from({ length: 224 * 224 * 3 }, uniform), [1, 224, 224, 3])
  })
  afterAll(() => {
    model.dispose()
    image.dispose()
  })

  it('shrink halves the expansions of MobileNetV2 and computes what the masked model computes', async () => {
    const mask = halfOfTheExpansions(model)
    const before = memory().numTensors
    const shrunk = await shrink(model, { mask })
    const { parameters, multiplyAdds, kept } = shrunk
    expect(kept).toEqual([])
    const sizes = sizesAfter(shrunk)
    expect([sizes.block_1_expand, sizes.block_1_depthwise, sizes.block_1_project]).toEqual([
      48, 48, 24,
    ])
    expect([sizes.block_16_expand, sizes.block_16_depthwise, sizes.block_16_project]).toEqual([
      480, 480, 320,
    ])
    expect(parameters.before).toBe(2_619_461)
    expect(parameters.after).toBeLessThan(0.66 * parameters.before)
    expect(multiplyAdds.after).toBeLessThan(0.62 * multiplyAdds.before)
    const outputs = outputsOf(shrunk.model, [image])
    shrunk.model.dispose()
    expect(memory().numTensors).toBe(before)
    applyMask(model, mask)
    expect(differenceOf(outputsOf(model, [image]), outputs)).toBeLessThan(1e-5)
  })
})
