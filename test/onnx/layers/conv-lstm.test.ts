import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { toOnnx } from '../../../src/onnx/index.js'
import { fillWeights } from '../../support/weights.js'
import { onnxDifference } from '../support/differences.js'
import { opsetDifference } from '../support/opset-differences.js'

type Args = Partial<Parameters<typeof layers.convLstm2d>[0]>

/** A convolutional LSTM of three filters. */
const memory = (args: Args = {}) =>
  layers.convLstm2d({ filters: 3, kernelSize: 2, recurrentInitializer: 'glorotUniform', ...args })

const over = (...stack: layers.Layer[]) => fillWeights(sequential({ layers: stack }))
const inputShape = [3, 5, 4, 2]

describe('toOnnx', () => {
  test.each<[string, Args]>([
    ['its last state', {}],
    ['padding', { padding: 'same' }],
    ['a sequence', { returnSequences: true }],
    [
      'a sequence from the end, without a bias',
      { goBackwards: true, returnSequences: true, useBias: false },
    ],
    ['strides', { strides: 2, padding: 'same' }],
    ['other activations', { activation: 'relu', recurrentActivation: 'sigmoid' }],
    ['dilation', { dilationRate: 2 }],
    [
      'an activation along its filters',
      { kernelSize: [3, 1], padding: 'same', activation: 'softmax' },
    ],
    ['one step', { inputShape: [1, 5, 4, 2], returnSequences: true }],
  ])('toOnnx writes a ConvLSTM2D with %s', async (_, args) => {
    const net = over(memory({ inputShape, ...args }))
    expect(await opsetDifference(net)).toBeLessThan(1e-5)
  })

  test('toOnnx writes a ConvLSTM2D that gives its states, and one behind it', async () => {
    const x = input({ shape: inputShape })
    const [sequence, ...states] = memory({ returnSequences: true, returnState: true }).apply(
      x,
    ) as SymbolicTensor[]
    const last = memory({ padding: 'same' }).apply(sequence!) as SymbolicTensor
    const net = fillWeights(model({ inputs: x, outputs: [last, ...states] }))
    expect(await onnxDifference(net)).toBeLessThan(1e-5)
    expect(await onnxDifference(net, { options: { values: 'int8' } })).toBeLessThan(0.03)
  })

  test('toOnnx writes one convolution for the inputs of all steps of a ConvLSTM2D', async () => {
    const sizes = [3, 9].map(async (steps) => {
      const net = over(memory({ inputShape: [steps, 5, 4, 2] }))
      const file = await toOnnx(net)
      net.dispose()
      return file.length
    })
    const [few, many] = await Promise.all(sizes)
    // The kernels are there once; a step takes a dozen nodes.
    expect(many! - few!).toBeLessThan(6 * 2500)
  })

  test.each<[string, Args, string]>([
    [
      'an open number of steps',
      { inputShape: [null, 5, 4, 2] },
      'the shape [open,5,4,2]; give its',
    ],
    ['images of an open size', { inputShape: [3, null, 4, 2] }, 'the shape [3,open,4,2]; give its'],
    ['channels first', { dataFormat: 'channelsFirst', inputShape }, 'build it with channelsLast'],
    [
      'states of its own',
      { stateful: true, batchInputShape: [1, ...inputShape] },
      'it is stateful',
    ],
  ])('toOnnx refuses a ConvLSTM2D with %s by name', async (_, args, reason) => {
    const net = sequential({ layers: [memory({ name: 'memory', ...args })] })
    await expect(toOnnx(net)).rejects.toThrow('got memory (ConvLSTM2D): ')
    await expect(toOnnx(net)).rejects.toThrow(reason)
    net.dispose()
  })
})
