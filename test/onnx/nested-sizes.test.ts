import { input, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { through } from '../support/through.js'
import { onnxDifference } from './support/differences.js'
import { withSeededWeights } from './support/seeded-weights.js'

/** Two windows in a model of its own, built for images of one size. */
const windows = (side: number | null) =>
  sequential({
    layers: [
      layers.conv2d({
        ...{ filters: 2, kernelSize: 3, strides: 2, padding: 'same' as const },
        inputShape: [side, side, 2],
      }),
      layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
      layers.upSampling2d({ interpolation: 'bilinear' }),
    ],
  })

describe('toOnnx', () => {
  it.each([
    ['for one size is called on two', 8, [8, 9]],
    ['for one size is called on an open one', 8, [null, 13]],
    ['for any size is called on two', null, [13, 10]],
  ] as [string, number | null, number[]][])(
    'says a nested model that %s',
    async (_, own, sides) => {
      const nested = windows(own)
      const inputs = sides.map((side) => input({ shape: [side, side, 2] }))
      const outputs = inputs.map((image) => through(nested, image))
      const made = withSeededWeights(model({ inputs, outputs }))
      expect(await onnxDifference(made, { open: 11 })).toBeLessThan(1e-5)
      made.dispose()
    },
  )
})
