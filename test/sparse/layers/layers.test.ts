import { getBackend } from '@tensorflow/tfjs-core'
import { input, type layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { through } from '../../support/through.js'
import { expectSameOutputs, prunedWeights } from '../support/compare.js'
import { layerCases, wrongOnWasm } from '../support/layer-cases.js'
import { recurrentCases } from '../support/recurrent-cases.js'

function modelOf(shape: readonly number[], chain: readonly layers.Layer[]) {
  const inputs = input({ shape: [...shape] })
  const outputs = chain.reduce<SymbolicTensor>((x, layer) => through(layer, x), inputs)
  return prunedWeights(model({ inputs, outputs }))
}

const cases = [...layerCases, ...recurrentCases]

describe('a layer as a network gives the outputs of tfjs', () => {
  test.each(cases)('%s', async (name, shape, chain) => {
    const own = modelOf(shape, chain())
    const network = readNetwork(await modelSource(own))
    if (getBackend() === 'cpu' || !wrongOnWasm.includes(name)) expectSameOutputs(own, network)
    expect(network.steps.some(({ operation }) => operation.kind === 'layerCall')).toBe(false)
    own.dispose()
  })
})

test('names of cases are unique', () => {
  expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length)
})
