import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { opsetDifference } from '../support/opset-differences.js'

const over = (...stack: layers.Layer[]) => fillWeights(sequential({ layers: stack }))

describe('toOnnx', () => {
  test('toOnnx writes an Embedding of any length', async () => {
    const net = over(layers.embedding({ inputDim: 9, outputDim: 3 }))
    expect(await opsetDifference(net, { below: 9, open: 6 })).toBeLessThan(1e-5)
  })

  test('toOnnx writes a Masking whose value a step may hold', async () => {
    const net = over(layers.masking({ maskValue: 1, inputShape: [6, 1] }))
    expect(await opsetDifference(net, { below: 2 })).toBeLessThan(1e-5)
  })

  test('toOnnx writes a RepeatVector', async () => {
    const net = over(layers.repeatVector({ n: 3, inputShape: [4] }))
    expect(await opsetDifference(net)).toBeLessThan(1e-5)
  })

  test.each([
    ['the channels', { axis: -1 }],
    ['no weights', { axis: -1, center: false, scale: false }],
    ['no scale', { axis: -1, scale: false }],
    ['two axes', { axis: [1, 2] }],
    ['an axis in the middle', { axis: 1, epsilon: 0.01 }],
  ])('toOnnx writes a LayerNormalization with %s', async (_, args) => {
    const net = over(layers.layerNormalization({ ...args, inputShape: [3, 4] }))
    expect(await opsetDifference(net)).toBeLessThan(1e-5)
  })

  test.each([
    ['rows', [4], [4], -1],
    ['sequences along steps', [3, 4], [3, 2], 1],
    ['sequences along channels', [3, 4], [2, 4], 2],
    ['sequences along two axes', [3, 4], [4, 2], [2, 1]],
    ['a sequence and a row', [3, 4], [4], [2, 1]],
    ['a row and a sequence', [4], [4, 3], [1, 1]],
  ] as const)('toOnnx writes a Dot of %s', async (_, first, second, axes) => {
    for (const normalize of [false, true]) {
      const inputs = [input({ shape: [...first] }), input({ shape: [...second] })]
      const layer = layers.dot({ axes: axes as number | [number, number], normalize })
      const outputs = layer.apply(inputs) as SymbolicTensor
      expect(await opsetDifference(model({ inputs, outputs }))).toBeLessThan(1e-5)
    }
  })

  test('toOnnx writes a Rescaling', async () => {
    const net = over(layers.rescaling({ scale: 2, offset: -1, inputShape: [3, 3, 2] }))
    expect(await opsetDifference(net)).toBeLessThan(1e-5)
  })

  test.each(['multiHot', 'count'] as const)('toOnnx writes a %s encoding', async (outputMode) => {
    const net = over(layers.categoryEncoding({ numTokens: 5, outputMode, inputShape: [6] }))
    expect(await opsetDifference(net, { below: 5 })).toBeLessThan(1e-5)
  })

  test.each([
    ['Reshape', [layers.reshape({ targetShape: [6], inputShape: [2, 3] })]],
    ['Permute', [layers.permute({ dims: [1], inputShape: [6] })]],
    [
      'Dropout',
      [layers.reshape({ targetShape: [6], inputShape: [2, 3] }), layers.dropout({ rate: 0.5 })],
    ],
  ])('toOnnx writes an encoding behind a %s', async (_, before) => {
    const net = over(...before, layers.categoryEncoding({ numTokens: 5, outputMode: 'count' }))
    expect(await opsetDifference(net, { below: 5 })).toBeLessThan(1e-5)
  })

  test('toOnnx writes one category a row, and refuses several, as tfjs does', async () => {
    const encoding = () => layers.categoryEncoding({ numTokens: 5, outputMode: 'oneHot' })
    const net = over(layers.reshape({ targetShape: [1], inputShape: [1, 1] }), encoding())
    expect(await opsetDifference(net, { below: 5 })).toBeLessThan(1e-5)
    const several = over(layers.reshape({ targetShape: [6], inputShape: [2, 3] }), encoding())
    await expect(toOnnx(several)).rejects.toThrow('its outputMode is oneHot for 2 axes')
    several.dispose()
  })
})
