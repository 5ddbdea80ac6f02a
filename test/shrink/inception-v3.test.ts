import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { units } from '../../src/granularity/units.js'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { randomStream } from '../../src/internal/random.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { shrink } from '../../src/shrink/shrink.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { loadNsfw } from '../real-models/nsfw.js'
import { differenceOf, outputsOf } from './support.js'

// One image takes 0.6 s on wasm and minutes on the cpu backend: what is tested does not depend on
// it.
const onWasm = process.env.TFJS_BACKEND === 'wasm'

describe.runIf(onWasm)('shrink', () => {
  let model: LayersModel
  let image: Tensor4D
  beforeAll(async () => {
    model = await loadNsfw('inception_v3')
    const { uniform } = randomStream(7)
    image = tensor4d(Float32Array.from({ length: 299 * 299 * 3 }, uniform), [1, 299, 299, 3])
  })
  afterAll(() => {
    model.dispose()
    image.dispose()
  })

  it('shrink leaves a quarter of InceptionV3 where units() pruned half of it, whose norms have no scale', async () => {
    const mask = wholeUnits(
      model,
      await computeMask(model, {
        density: 0.5,
        granularity: units(),
        select: { frozen: true, keepLastLayer: true },
      }),
    )
    const {
      model: small,
      parameters,
      multiplyAdds,
      kept,
    } = await shrink(model, { mask, probes: image })
    expect(kept).toEqual([])
    expect(parameters).toEqual({ before: 22_360_869, after: 5_586_181 })
    expect(multiplyAdds).toEqual({ before: 5_711_725_792, after: 1_432_709_616 })
    const outputs = outputsOf(small, [image])
    small.dispose()
    applyMask(model, mask)
    expect(differenceOf(outputsOf(model, [image]), outputs)).toBeLessThan(1e-6)
  })
})
