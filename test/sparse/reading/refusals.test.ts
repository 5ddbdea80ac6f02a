import { tensor } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { NetworkSource } from '../../../src/sparse/network/source.js'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { refusalOf } from '../../support/refusal-of.js'

let source: NetworkSource
let own: LayersModel

beforeAll(async () => {
  own = sequential({
    layers: [layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, inputShape: [5, 5, 1] })],
  })
  source = await modelSource(own)
})

type Json = {
  class_name: string
  config: { layers: { class_name?: unknown; config: Record<string, unknown> }[] }
}

/** The refusal of a topology that was changed. */
const refusal = (change: (json: Json) => void, options = {}) => {
  const topology = structuredClone(source.topology) as Json
  change(topology)
  return refusalOf(() => readNetwork({ ...source, topology }, options))
}
const withOption = (key: string, value: unknown) =>
  refusal(({ config }) => {
    config.layers[0]!.config[key] = value
  })

test('as it is, the model can be read', () => {
  expect(refusal(() => {})).toBe('no error')
})

describe('what is refused', () => {
  test.each([
    ['kernel_size', [3, 3, 3], '2 whole numbers for kernelSize, got [3,3,3]'],
    ['strides', 0, '2 whole numbers for strides, got 0'],
    ['filters', 3, 'a weight conv/kernel of shape [3,3,1,3], got [3,3,1,2]'],
    ['filters', 'many', 'a whole number for filters, got "many"'],
    ['padding', 7, 'a text for padding, got 7'],
    ['padding', 'causal', 'conv (Conv2D): its padding is causal'],
    ['activation', 'wavelet', 'conv (Conv2D): its activation is wavelet'],
    ['batch_input_shape', [null, 2, 5, 1], 'an image that is large enough for conv, got [2,5,1]'],
    ['batch_input_shape', [null, null, 5, 1], 'a shape of the input conv_input; give inputShapes'],
    ['batch_input_shape', [null, 5], 'one input of 3 axes for conv, got [5]'],
    ['name', 'other', 'a weight other/kernel of shape [3,3,1,2], got none'],
    ['name', 5, 'a name for a layer of Conv2D, got 5'],
  ])('%s %o', (key, value, message) => {
    expect(withOption(key, value)).toContain(message)
  })

  test.each([
    [[[0, 5, 1]], '[0,5,1]'],
    [[[5, -5, 1]], '[5,-5,1]'],
    [[[5, 1.5, 1]], '[5,1.5,1]'],
    [[5], '5'],
  ])('inputShapes %o', (inputShapes, got) => {
    expect(refusal(() => {}, { inputShapes })).toContain(
      `expected inputShapes of whole sides of at least 1, got ${got}`,
    )
  })

  test.each([[[5, 5, 2]], [[4, 5, 1]], [[5, 5]]])('inputShapes of another model: %o', (shape) => {
    expect(refusal(() => {}, { inputShapes: [shape] })).toBe(
      'RangeError: Cannot read the network: expected a shape in inputShapes as that of the input ' +
        `conv_input, [5,5,1], got [${shape}]`,
    )
  })

  test('inputShapes that are no list', () => {
    expect(refusal(() => {}, { inputShapes: '5' })).toContain('expected 1 shapes of inputs, got 5')
  })

  test('a class that nobody knows', () => {
    const message = refusal(({ config }) => {
      config.layers[0]!.class_name = 'Wavelets'
    })
    expect(message).toBe(
      'RangeError: Cannot read the network: expected layers that can be compiled, or a LayersModel and the option tfjs to run others, got conv (Wavelets): its class is not known',
    )
  })

  test.each([
    [{}, 'the JSON of a layers model'],
    [{ class_name: 'Model', config: {} }, 'the JSON of a layers model'],
    [{ class_name: 'Sequential', config: { layers: [] } }, 'a sequential model with layers'],
    [{ class_name: 'Sequential' }, 'a list of layers of a sequential model'],
    [{ class_name: 'Sequential', config: { layers: [{}] } }, 'layers with a class name'],
    [{ node: [] }, 'the JSON of a layers model'],
  ])('the topology %o', (topology, message) => {
    expect(refusalOf(() => readNetwork({ ...source, topology }))).toContain(message)
  })

  test('another number of input shapes', () => {
    expect(refusal(() => {}, { inputShapes: [] })).toContain('1 shapes of inputs, got 0')
  })

  test('calls in a circle, and layers that are not there', () => {
    const dense = (name: string, before: string) => ({
      name,
      class_name: 'Dense',
      config: { name, units: 1, activation: 'linear' },
      inbound_nodes: [[[before, 0, 0, {}]]],
    })
    const start = {
      name: 'x',
      class_name: 'InputLayer',
      config: { name: 'x', batch_input_shape: [null, 2] },
      inbound_nodes: [],
    }
    const graph = (...all: object[]) => ({
      class_name: 'Model',
      config: {
        layers: [start, ...all],
        input_layers: [['x', 0, 0]],
        output_layers: [['a', 0, 0]],
      },
    })
    const message = (topology: object) => refusalOf(() => readNetwork({ ...source, topology }))
    expect(message(graph(dense('a', 'b'), dense('b', 'a')))).toContain(
      'a way from the inputs to a, got none by b',
    )
    expect(message(graph(dense('a', 'b')))).toContain('a layer b, which others read, got none')
    expect(message(graph(dense('a', 'x'), dense('a', 'x')))).toContain('layers of different names')
  })
})

test('samples are not joined with each other', async () => {
  const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
  const outputs = layers.concatenate({ name: 'joined', axis: 0 }).apply([a, b]) as SymbolicTensor
  const joining = await modelSource(model({ inputs: [a, b], outputs }), { tensor })
  expect(refusalOf(() => readNetwork(joining))).toBe(
    'RangeError: Cannot read the network: expected joined to join within samples; run the model in tfjs, got axis 0',
  )
})
