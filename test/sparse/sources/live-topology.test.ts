import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { refusalOf } from '../../support/refusal-of.js'
import { through } from '../../support/through.js'
import { fillWeights } from '../../support/weights.js'
import { expectSameOutputs } from '../support/compare.js'

/** Of three inputs only the second is read. */
function readsTheSecond(name: string): LayersModel {
  const inputs = [2, 3, 3].map((length) => input({ shape: [length] }))
  const outputs = through(layers.dense({ units: 2 }), inputs[1]!)
  return model({ name, inputs, outputs })
}

test('inputs that no output needs keep their places', async () => {
  const own = fillWeights(readsTheSecond('own'))
  const network = readNetwork(await modelSource(own))
  expect(network.inputs.map((value) => network.shapes[value])).toEqual([[2], [3], [3]])
  expectSameOutputs(own, network)
})

test('inputs of nested models that no output needs keep their places', async () => {
  const inner = readsTheSecond('inner')
  const [a, b] = [input({ shape: [2] }), input({ shape: [3] })]
  const twice = through(layers.dense({ units: 3 }), b)
  const outputs = through(inner as unknown as layers.Layer, [a, twice, b])
  const middle = model({ name: 'middle', inputs: [a, b], outputs })
  const [c, d] = [input({ shape: [2] }), input({ shape: [3] })]
  const whole = through(middle as unknown as layers.Layer, [c, d])
  const own = fillWeights(model({ inputs: [c, d], outputs: whole }))
  expectSameOutputs(own, readNetwork(await modelSource(own)))
})

test('a topology that has lost inputs of a nested model is refused', async () => {
  const inner = readsTheSecond('inner')
  const inputs = [2, 3, 3].map((length) => input({ shape: [length] }))
  const own = model({ inputs, outputs: through(inner as unknown as layers.Layer, inputs) })
  const source = await modelSource(own)
  const topology = own.toJSON(null, false) as object
  expect(refusalOf(() => readNetwork({ ...source, topology }))).toContain(
    'expected 1 inputs of inner/, got 3',
  )
})

test('a sequential model in another', async () => {
  const inner = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
  const own = fillWeights(sequential({ layers: [inner, layers.dense({ units: 1 })] }))
  expectSameOutputs(own, readNetwork(await modelSource(own)))
})
