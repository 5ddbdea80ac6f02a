import { input, layers, model } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { modelProto } from '../../bench/support/onnx/schema.js'
import { toOnnx } from '../../src/onnx/index.js'
import { through } from '../support/through.js'
import { onnxDifference } from './support/differences.js'
import { graphFaults } from './support/graph-faults.js'
import { withSeededWeights } from './support/seeded-weights.js'

/** Names of the outputs of a file, by another reader. */
function outputsOf(file: Uint8Array): string[] {
  const { graph } = modelProto.toObject(modelProto.decode(file), { arrays: true })
  return graph.output.map(({ name }: { name: string }) => name)
}

describe('toOnnx', () => {
  it.each([
    ['an input like a weight', 'first/kernel', 'last'],
    ['an output like a weight', 'row', 'first/kernel'],
    ['an output like a node', 'row', 'first/Gemm'],
  ])('tells %s', async (_, inputName, outputName) => {
    const row = input({ shape: [3], name: inputName })
    const first = through(layers.dense({ units: 4, name: 'first' }), row)
    const last = through(layers.dense({ units: 2, name: outputName }), first)
    const made = withSeededWeights(model({ inputs: row, outputs: last }))
    expect(await onnxDifference(made)).toBeLessThan(1e-5)
    made.dispose()
  })

  it('gives an output that is an input a name of its own', async () => {
    const row = input({ shape: [3], name: 'row' })
    const outputs = [through(layers.dense({ units: 2, name: 'row_1' }), row), row]
    const made = withSeededWeights(model({ inputs: row, outputs }))
    expect(await onnxDifference(made)).toBeLessThan(1e-5)
    expect(outputsOf(await toOnnx(made))).toEqual(['row_1', 'row_2'])
    made.dispose()
  })

  it('leaves each layer its name where another output is given twice', async () => {
    const row = input({ shape: [3] })
    const twice = through(layers.dense({ units: 2, name: 'y' }), row)
    const other = through(layers.dense({ units: 3, name: 'y_1' }), row)
    const made = model({ inputs: row, outputs: [twice, twice, other] })
    const file = await toOnnx(made)
    expect(outputsOf(file)).toEqual(['y', 'y_2', 'y_1'])
    expect(graphFaults(file)).toEqual([])
    made.dispose()
  })
})
