import { fill } from '@tensorflow/tfjs-core'
import { layers, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { modelProto } from '../../../bench/support/onnx/schema.js'
import { toOnnx } from '../../../src/onnx/index.js'
import { onnxDifference } from '../support/differences.js'
import { withSeededWeights } from '../support/seeded-weights.js'

/** The operations of a file, in order. */
async function operationsOf(model: Sequential): Promise<string[]> {
  const { graph } = modelProto.decode(await toOnnx(model)) as unknown as {
    graph: { node: { op_type?: string; opType?: string }[] }
  }
  return graph.node.map(({ op_type, opType }) => op_type ?? opType ?? '')
}

const image = { inputShape: [8, 8, 3] }

it('toOnnx writes pads, norms and turned kernels into the products', async () => {
  const model = withSeededWeights(
    sequential({
      layers: [
        layers.zeroPadding2d({
          padding: [
            [0, 1],
            [0, 1],
          ],
          ...image,
        }),
        layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, useBias: false }),
        layers.batchNormalization(),
        layers.reLU({ maxValue: 6 }),
        layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
        layers.batchNormalization(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 5 }),
        layers.batchNormalization(),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    }),
  )
  const wanted = ['Transpose', 'Conv', 'Clip', 'Conv', 'MaxPool', 'Flatten', 'Gemm', 'Gemm']
  expect(await operationsOf(model)).toEqual([...wanted, 'Softmax'])
  expect(await onnxDifference(model)).toBeLessThan(1e-5)
})

it('toOnnx writes a norm behind a dense layer with steps as a factor and a term', async () => {
  const model = withSeededWeights(
    sequential({
      layers: [layers.dense({ units: 4, inputShape: [3, 2] }), layers.batchNormalization()],
    }),
  )
  expect(await operationsOf(model)).toEqual(['MatMul', 'Add', 'Mul', 'Add'])
  expect(await onnxDifference(model)).toBeLessThan(1e-5)
})

it('toOnnx keeps a norm by itself whose mean lies far from 0', async () => {
  const norm = layers.batchNormalization({ name: 'norm' })
  const model = sequential({
    layers: [layers.dense({ units: 3, useBias: false, inputShape: [3] }), norm],
  })
  withSeededWeights(model)
  const [gamma, beta, , variance] = norm.getWeights()
  norm.setWeights([gamma!, beta!, fill([3], 100), variance!])
  expect(await operationsOf(model)).toEqual(['MatMul', 'Sub', 'Mul', 'Add'])
  expect(await onnxDifference(model)).toBeLessThan(1e-5)
})

it('toOnnx leaves a norm outside of a product that others read', async () => {
  const dense = layers.dense({ units: 3, inputShape: [3], name: 'shared' })
  const twice = sequential({ layers: [dense, layers.batchNormalization(), dense] })
  expect(await onnxDifference(withSeededWeights(twice))).toBeLessThan(1e-5)
  expect(await operationsOf(twice)).toEqual(['Gemm', 'Mul', 'Add', 'Gemm'])
})

it('toOnnx writes nothing for transposes that cancel', async () => {
  const model = sequential({
    layers: [
      layers.permute({ dims: [2, 1], inputShape: [3, 4] }),
      layers.permute({ dims: [2, 1] }),
      layers.dense({ units: 2, useBias: false }),
    ],
  })
  expect(await operationsOf(model)).toEqual(['MatMul'])
  expect(await onnxDifference(withSeededWeights(model))).toBeLessThan(1e-5)
})

it('toOnnx turns no image for a PReLU or a softmax between convolutions', async () => {
  const model = withSeededWeights(
    sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [5, 4, 2] }),
        layers.prelu({}),
        layers.conv2d({ filters: 4, kernelSize: 1 }),
        layers.softmax({ axis: -1 }),
        layers.globalAveragePooling2d({}),
      ],
    }),
  )
  const wanted = ['Transpose', 'Conv', 'PRelu', 'Conv', 'Softmax', 'ReduceMean']
  expect(await operationsOf(model)).toEqual(wanted)
  expect(await onnxDifference(model)).toBeLessThan(1e-5)
})
