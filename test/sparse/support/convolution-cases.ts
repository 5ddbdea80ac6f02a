import { layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer
/** Name, shape of a sample, and the layers on top of it. */
export type LayerCase = readonly [name: string, shape: readonly number[], () => readonly Layer[]]

const image = [6, 7, 3]
const sequence = [7, 3]
const same = { padding: 'same' } as const
const biased = { biasInitializer: 'ones' } as const

export const conv2d = (args: object): Layer => layers.conv2d({ filters: 4, kernelSize: 3, ...args })
export const conv1d = (args: object): Layer => layers.conv1d({ filters: 4, kernelSize: 3, ...args })
export const depthwise = (args: object): Layer => layers.depthwiseConv2d({ kernelSize: 3, ...args })
const separable = (args: object): Layer =>
  layers.separableConv2d({ filters: 4, kernelSize: 3, ...args })
const transposed = (args: object): Layer =>
  layers.conv2dTranspose({ filters: 4, kernelSize: 3, ...args })

export const convolutions: readonly LayerCase[] = [
  ['conv2d', image, () => [conv2d({})]],
  ['conv2d same', image, () => [conv2d(same)]],
  ['conv2d strides', image, () => [conv2d({ strides: 2 })]],
  ['conv2d strides same', image, () => [conv2d({ strides: [2, 3], ...same })]],
  ['conv2d dilations', image, () => [conv2d({ dilationRate: 2 })]],
  ['conv2d dilations same', image, () => [conv2d({ dilationRate: [1, 3], ...same })]],
  ['conv2d even window same', image, () => [conv2d({ kernelSize: [2, 4], ...same })]],
  [
    'conv2d with as many places as the image, not the same ones',
    [2, 2, 1],
    () => [conv2d({ kernelSize: [4, 1], strides: 3, ...same })],
  ],
  ['conv2d 1 x 1', image, () => [conv2d({ kernelSize: 1 })]],
  ['conv2d 1 x 1 strides', image, () => [conv2d({ kernelSize: 1, strides: 2, ...same })]],
  ['conv2d without bias', image, () => [conv2d({ useBias: false })]],
  ['conv2d softmax', image, () => [conv2d({ activation: 'softmax' })]],
  ['conv2d relu6', image, () => [conv2d({ activation: 'relu6' })]],
  ['conv2d strides beyond window', image, () => [conv2d({ kernelSize: 2, strides: 3, ...same })]],
  ['conv1d', sequence, () => [conv1d({})]],
  ['conv1d same strides', sequence, () => [conv1d({ strides: 2, ...same })]],
  ['conv1d dilations', sequence, () => [conv1d({ dilationRate: 2 })]],
  ['conv1d relu', sequence, () => [conv1d({ activation: 'relu', ...biased })]],
  ['depthwise', image, () => [depthwise({})]],
  ['depthwise same strides', image, () => [depthwise({ strides: 2, ...same })]],
  ['depthwise multiplied', image, () => [depthwise({ depthMultiplier: 2, activation: 'relu' })]],
  ['depthwise dilations, which tfjs ignores', image, () => [depthwise({ dilationRate: 2 })]],
  ['depthwise without bias', image, () => [depthwise({ useBias: false, kernelSize: [2, 3] })]],
  ['separable', image, () => [separable({})]],
  ['separable same strides', image, () => [separable({ strides: 2, ...same })]],
  ['separable dilations', image, () => [separable({ dilationRate: 2, activation: 'tanh' })]],
  ['separable multiplied', image, () => [separable({ depthMultiplier: 2, useBias: false })]],
  ['transposed', image, () => [transposed({})]],
  ['transposed same', image, () => [transposed(same)]],
  ['transposed strides', image, () => [transposed({ strides: 2 })]],
  ['transposed same strides', image, () => [transposed({ strides: [2, 3], ...same })]],
  ['transposed strides beyond window', image, () => [transposed({ kernelSize: 2, strides: 3 })]],
  ['transposed beyond same', image, () => [transposed({ kernelSize: 2, strides: 3, ...same })]],
  [
    'transposed even window',
    image,
    () => [transposed({ kernelSize: [4, 2], strides: 2, ...same })],
  ],
  ['transposed 1 x 1', image, () => [transposed({ kernelSize: 1, activation: 'relu' })]],
]
