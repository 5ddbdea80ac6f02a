import { expect, test } from 'vitest'
import { onnxDifference } from '../onnx/support/differences.js'
import { loadNsfw } from './nsfw.js'

// An image takes a minute on the cpu backend.
const onWasm = process.env.TFJS_BACKEND === 'wasm'

test.runIf(onWasm).each(['mobilenet_v2', 'inception_v3'] as const)(
  'toOnnx writes %s of nsfwjs, whose outputs onnxruntime gives to 1e-5',
  async (name) => {
    const model = await loadNsfw(name)
    expect(await onnxDifference(model, { batches: [1] })).toBeLessThan(1e-5)
    model.dispose()
  },
)
