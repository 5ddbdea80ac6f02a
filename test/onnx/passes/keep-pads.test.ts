import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { onnxDifference } from '../support/differences.js'

test.each(['maxPooling2d', 'averagePooling2d'] as const)(
  'toOnnx keeps zeros around an image that a layer of %s takes, as many as its window has too',
  async (pool) => {
    for (const pixels of [1, 2]) {
      const model = sequential({
        layers: [
          layers.dense({
            ...{ units: 1, kernelInitializer: 'zeros', biasInitializer: 'ones' },
            inputShape: [4, 4, 1],
          }),
          layers.rescaling({ scale: -1 } as never),
          layers.zeroPadding2d({
            padding: [
              [pixels, 0],
              [0, pixels],
            ],
          }),
          layers[pool]({ poolSize: 2, strides: 1 }),
        ],
      })
      expect(await onnxDifference(model, { batches: [1] })).toBeLessThan(1e-5)
      model.dispose()
    }
  },
)
