import { input, type LayersModel, layers, model } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { modelProto } from '../../bench/support/onnx/schema.js'
import { toOnnx } from '../../src/onnx/index.js'
import { through } from '../support/through.js'
import { fillWeights } from '../support/weights.js'
import { onnxDifference } from './support/differences.js'
import { graphFaults } from './support/graph-faults.js'

/** Two inputs and two outputs; the second input is a sequence of any length. */
function twoByTwo(seed = 1): LayersModel {
  const inputs = [input({ shape: [4], name: 'row' }), input({ shape: [null, 3], name: 'line' })]
  const shared = layers.dense({ units: 5, activation: 'softplus', name: 'first' })
  const outputs = [
    through(layers.dense({ units: 2, name: 'classes' }), through(shared, inputs[0]!)),
    through(layers.dense({ units: 1, activation: 'tanh', name: 'bent' }), inputs[1]!),
  ]
  return fillWeights(model({ inputs, outputs }), seed)
}

describe('toOnnx', () => {
  test('toOnnx writes several inputs and outputs with open sides under their names', async () => {
    const two = twoByTwo()
    expect(await onnxDifference(two, { open: 6 })).toBeLessThan(1e-5)
    two.dispose()
  })

  test('toOnnx leaves no tensors', async () => {
    const two = twoByTwo()
    await expect(() => toOnnx(two)).toLeaveNoTensors()
    two.dispose()
  })
})

describe('the comparison of the tests', () => {
  test('onnxDifference sees that a file is another model', async () => {
    const [one, other] = [twoByTwo(), twoByTwo(9)]
    expect(await onnxDifference(one, { beside: other })).toBeGreaterThan(0.01)
    one.dispose()
    other.dispose()
  })

  test('graphFaults names nodes out of order, names given twice and idle constants', async () => {
    const two = twoByTwo()
    const message = modelProto.toObject(modelProto.decode(await toOnnx(two)), { arrays: true })
    two.dispose()
    expect(graphFaults(modelProto.encode(modelProto.fromObject(message)).finish())).toEqual([])
    const { node, initializer } = message.graph
    const broken = {
      ...message,
      graph: {
        ...message.graph,
        node: [...node.toReversed(), node[0]],
        initializer: [...initializer, { name: 'idle' }],
      },
    }
    const faults = graphFaults(modelProto.encode(modelProto.fromObject(broken)).finish())
    expect(faults).toContain('nobody reads idle')
    expect(faults.some((fault) => fault.endsWith('before it is made'))).toBe(true)
    expect(faults.some((fault) => fault.startsWith('two nodes are called'))).toBe(true)
    expect(faults.some((fault) => fault.endsWith('is made twice'))).toBe(true)
  })
})
