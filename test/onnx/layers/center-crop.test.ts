import { tidy, zeros } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { opsetDifference } from '../support/opset-differences.js'

const over = (...stack: layers.Layer[]) => fillWeights(sequential({ layers: stack }))
const conv2d = () => layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [8, 7, 3] })
const crop = (height: number, width: number, args: object = {}) =>
  layers.centerCrop({ height, width, name: 'middle', ...args })

describe('CenterCrop as ONNX', () => {
  // The images that it gets have 7 rows and 6 columns.
  test.each([
    ['a smaller image', 4, 3],
    ['an image that is one pixel smaller', 6, 5],
    ['one pixel', 1, 1],
    ['all rows', 7, 2],
    ['the whole image', 7, 6],
  ])('toOnnx writes a CenterCrop of %s', async (_, height, width) => {
    const net = over(conv2d(), crop(height, width), layers.conv2d({ filters: 2, kernelSize: 1 }))
    expect(await opsetDifference(net)).toBeLessThan(1e-5)
    const first = over(conv2d(), layers.permute({ dims: [1, 2, 3] }), crop(height, width))
    expect(await opsetDifference(first)).toBeLessThan(1e-5)
  })

  test('toOnnx writes the crop of an input, whose size tfjs overwrites', async () => {
    expect(await opsetDifference(over(crop(3, 4, { inputShape: [8, 7, 2] })))).toBe(0)
  })

  test('toOnnx refuses a CenterCrop that is larger than its images, which tfjs cannot run', async () => {
    const net = over(conv2d(), crop(10, 6))
    await expect(toOnnx(net)).rejects.toThrow(
      'got middle (CenterCrop): 10,6 is more than its images of 7,6; resize before the model',
    )
    net.dispose()
  })

  test('toOnnx refuses a CenterCrop of images of an open size', async () => {
    const inputShape = [null, 7, 3] as unknown as number[]
    const net = over(layers.conv2d({ filters: 2, kernelSize: 2, inputShape }), crop(4, 3))
    await expect(toOnnx(net)).rejects.toThrow('[open,6,2]; give its images a fixed size')
    net.dispose()
  })
})

test('toOnnx refuses a Resizing, which tfjs cannot run in a model', async () => {
  const net = over(layers.resizing({ height: 4, width: 3, name: 'small', inputShape: [8, 7, 3] }))
  const run = () => tidy(() => net.predict(zeros([1, 8, 7, 3])))
  expect(run).toThrow('Error in resizeBilinear: x must be rank 3 or 4, but got rank 1')
  await expect(toOnnx(net)).rejects.toThrow('small (Resizing): tfjs cannot run it in a model')
  net.dispose()
})
