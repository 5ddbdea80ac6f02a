import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { expect, it } from 'vitest'
import { onnxDifference } from '../support/differences.js'
import { withSeededWeights } from '../support/seeded-weights.js'

const NAMES = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign'],
  ...['tanh', 'swish', 'mish', 'gelu', 'gelu_new', 'softmax', 'logSoftmax'],
] as const

it.each([13, 22])('toOnnx says all activations, operations of version %i', async (opset) => {
  const start = input({ shape: [4, 3, 2] })
  const x = layers.conv2d({ filters: 2, kernelSize: 1 }).apply(start) as SymbolicTensor
  const all = [
    ...NAMES.map((activation) => layers.activation({ activation: activation as 'relu' })),
    layers.reLU({ maxValue: 0.5 }),
    layers.leakyReLU({ alpha: 0.2 }),
    layers.elu({}),
    layers.thresholdedReLU({ theta: 0.3 }),
    layers.softmax({ axis: -1 }),
    layers.prelu({}),
  ]
  const outputs = all.map((layer) => layer.apply(x) as SymbolicTensor)
  const made = withSeededWeights(model({ inputs: start, outputs }))
  expect(await onnxDifference(made, { options: { opset } })).toBeLessThan(1e-5)
})
