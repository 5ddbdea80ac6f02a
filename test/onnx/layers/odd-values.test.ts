import { tensor1d } from '@tensorflow/tfjs-core'
import { input, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { lateRefusalOf } from '../../support/refusal-of.js'
import { through } from '../../support/through.js'
import { onnxDifference } from '../support/differences.js'
import { withSeededWeights } from '../support/seeded-weights.js'

test.each([1, 2, 3, -1, -2, -3])(
  'toOnnx joins images on the axis %i as tfjs does',
  async (axis) => {
    const image = input({ shape: [4, 4, 4] })
    const other = through(layers.conv2d({ filters: 4, kernelSize: 1 }), image)
    const outputs = through(layers.concatenate({ axis }), [other, image])
    const made = withSeededWeights(model({ inputs: image, outputs }))
    expect(await onnxDifference(made)).toBeLessThan(1e-5)
    made.dispose()
  },
)

test('toOnnx refuses a norm whose factor is beyond float32', async () => {
  const norm = layers.batchNormalization({ name: 'norm', inputShape: [1] })
  const made = sequential({ layers: [norm] })
  norm.setWeights([3e38, 0, 0, 1e-4].map((value) => tensor1d([value])))
  expect(await lateRefusalOf(() => toOnnx(made))).toContain('norm (BatchNormalization): its gamma')
  made.dispose()
})

test('toOnnx refuses to reshape nothing', async () => {
  const reshape = layers.reshape({ targetShape: [0, 3], inputShape: [3, 0] })
  const made = sequential({ layers: [reshape] })
  expect(await lateRefusalOf(() => toOnnx(made))).toContain('its outcome has no elements')
  made.dispose()
})
