import * as tf from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { modelProto } from '../../bench/support/onnx/schema.js'
import { writeOnnx } from '../../bench/support/onnx/write-onnx.js'

interface Read {
  readonly graph: {
    readonly node: { op_type: string; attribute: { name: string; ints: string[] }[] }[]
    readonly initializer: { dims: string[]; raw_data: Uint8Array }[]
  }
}

const read = (bytes: Uint8Array) =>
  modelProto.toObject(modelProto.decode(bytes), { longs: String }) as Read

const chain = (padding: 'same' | 'valid') =>
  sequential({
    layers: [
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [3, 4],
        ],
        inputShape: [6, 6, 1],
      }),
      layers.conv2d({ filters: 2, kernelSize: [2, 3], padding, activation: 'relu' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 1, useBias: false }),
    ],
  })

describe('writeOnnx', () => {
  test('writeOnnx gives the zeros of a padding layer to the convolution behind it', () => {
    const { graph } = read(writeOnnx(chain('same')))
    expect(graph.node.map((node) => node.op_type)).toEqual([
      ...['Conv', 'Relu', 'GlobalAveragePool', 'Flatten', 'Gemm', 'Identity'],
    ])
    const pads = graph.node[0]!.attribute.find(({ name }) => name === 'pads')!
    // a window of 2 x 3 asks for no row above, one below, and a column on both sides
    expect(pads.ints).toEqual(['1', '4', '3', '5'])
  })

  test('writeOnnx writes a kernel filter by filter, channels first', () => {
    const model = chain('valid')
    const kernel = tf.reshape(tf.range(0, 12), [2, 3, 1, 2])
    model.layers[1]!.setWeights([kernel, tf.zeros([2])])
    const [first] = read(writeOnnx(model)).graph.initializer
    expect(first!.dims).toEqual(['2', '1', '2', '3'])
    const values = new Float32Array(Uint8Array.from(first!.raw_data).buffer)
    expect([...values]).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
  })

  test('writeOnnx refuses a layer that it does not know, by name', () => {
    const model = sequential({ layers: [layers.flatten({ inputShape: [2, 2, 1] })] })
    expect(() => writeOnnx(model)).toThrow('got Flatten')
  })
})
