import { tensor } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { modelWeights } from '../../../src/internal/model-weights.js'
import { assignValues, readWeights } from '../../../src/internal/weight-values.js'
import { withMasks } from '../../../src/layers/with-masks.js'
import { applyMask } from '../../../src/masks/apply-mask.js'
import { createMask, type Mask } from '../../../src/masks/mask.js'
import { packWeights } from '../../../src/rounds/packed-weights.js'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { openCompressed } from '../../../src/sparse/sources/open-compressed.js'
import { roundSource } from '../../../src/sparse/sources/round-source.js'
import { pack } from '../../files/container/forge.js'
import { lateRefusalOf, refusalOf } from '../../support/refusal-of.js'
import { through } from '../../support/through.js'
import { fillWeights, randomValues } from '../../support/weights.js'
import { expectSameOutputs } from '../support/compare.js'

/** A convolution, a nested model and a recurrent layer with two directions. */
function ownModel(): LayersModel {
  const x = input({ shape: [4, 3] })
  const inner = sequential({ layers: [layers.dense({ units: 4, inputShape: [2, 5] })] })
  const conv = layers.conv1d({ filters: 5, kernelSize: 3, activation: 'relu' })
  const lstm = layers.lstm({ units: 2, recurrentInitializer: 'glorotNormal' })
  const both = layers.bidirectional({ layer: lstm as layers.RNN, mergeMode: 'concat' })
  return fillWeights(model({ inputs: x, outputs: through(both, through(inner, through(conv, x))) }))
}

/** Keeps two of five elements of each kernel. */
function maskOf(own: LayersModel): Mask {
  const places = modelWeights(own)
  const kernels = places.filter(({ shape }) => shape.length > 1)
  const weights = kernels.map(({ name, layer, role, shape, variable }) => {
    const values = Uint8Array.from({ length: variable.size }, (_, i) => Number(i % 5 < 2))
    return { name, layer, role, shape, values }
  })
  return createMask(
    weights,
    places.reduce((sum, { variable }) => sum + variable.size, 0),
  )
}

/** Entries of all matrices. */
const entriesOf = (network: ReturnType<typeof readNetwork>): number =>
  network.steps.reduce((sum, { operation }) => {
    if (operation.kind === 'product') return sum + operation.matrix.values.length
    if (operation.kind !== 'recurrent') return sum
    return sum + operation.kernel.values.length + operation.recurrentKernel.values.length
  }, 0)

test('a model with masking layers gives the weights that they keep', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const masked = withMasks(own, mask)
  const network = readNetwork(await modelSource(masked))
  expectSameOutputs(masked, network)
  expect(entriesOf(network)).toBe(mask.kept)
})

test('weights that masking layers hold at 0 are left out, whatever their values', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const masked = withMasks(own, mask)
  for (const { variable } of modelWeights(masked))
    if (variable.dtype === 'float32') assignValues(variable, randomValues(variable.size))
  const network = readNetwork(await modelSource(masked))
  expectSameOutputs(masked, network)
  expect(entriesOf(network)).toBe(mask.kept)
})

test('a source holds the weights of the time when it was made', async () => {
  const own = ownModel()
  const network = readNetwork(await modelSource(own))
  const source = await modelSource(own)
  fillWeights(own, 50)
  expect(entriesOf(readNetwork(source))).toBe(entriesOf(network))
  fillWeights(own, 1)
  expectSameOutputs(own, readNetwork(source))
})

test('a round gives its own weights, whatever the model holds', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const trained = packWeights(await readWeights(own), mask)
  fillWeights(own, 50)
  const network = readNetwork(await roundSource(own, { mask, trained }))
  expect(entriesOf(network)).toBe(mask.kept)
  fillWeights(own, 1)
  applyMask(own, mask)
  expectSameOutputs(own, network)
})

test('a round of another model is refused', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const trained = packWeights(await readWeights(own), mask)
  const [name] = Object.keys(trained)
  const cut = { ...trained, [name!]: trained[name!]!.slice(1) }
  const without = Object.fromEntries(Object.entries(trained).slice(1))
  const refusal = async (weights: typeof trained) => {
    const source = await roundSource(own, { mask, trained: weights })
    return refusalOf(() => readNetwork(source))
  }
  expect(await refusal(cut)).toContain(`values for ${name} in the round`)
  expect(await refusal(without)).toContain(`a weight ${name} of shape [3,3,5], got none`)
})

test('a round whose masks have other shapes is refused, whatever number of weights they keep', async () => {
  const build = (inputs: number, units: number) => {
    const dense = layers.dense({ name: 'dense', units, useBias: false, inputShape: [inputs] })
    return fillWeights(sequential({ layers: [dense] }))
  }
  const other = build(16, 4)
  const mask = maskOf(other)
  const round = { mask, trained: packWeights(await readWeights(other), mask) }
  for (const own of [build(8, 8), build(8, 4)]) {
    const source = await roundSource(own, round)
    const wanted = `a mask of shape [${own.layers[0]!.weights[0]!.shape}] for dense/kernel in the round`
    expect(refusalOf(() => readNetwork(source))).toContain(`${wanted}, got [16,4]`)
  }
})

test('a round beside no model is refused as a model alone is', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const round = { mask, trained: packWeights(await readWeights(own), mask) }
  for (const bad of [{}, null, Promise.resolve(own)])
    expect(await lateRefusalOf(() => roundSource(bad as never, round))).toContain(
      'TypeError: Cannot read the network: expected a LayersModel',
    )
})

test('layers with weights of a round do not run with those of the model', async () => {
  const x = input({ shape: [2, 4, 4] })
  const conv = layers.conv2d({ filters: 1, kernelSize: 2, dataFormat: 'channelsFirst' })
  const own = fillWeights(model({ inputs: x, outputs: through(conv, x) }))
  const mask = maskOf(own)
  const trained = packWeights(await readWeights(own), mask)
  const source = await roundSource(own, { mask, trained }, { tensor })
  expect(refusalOf(() => readNetwork(source))).toMatch(
    /can all be compiled, got conv2d.*applyTrained/,
  )
})

test('a container gives places and values, never the zeros', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const source = await openCompressed(await pack(own, { mask }))
  const kernel = mask.weights[0]!
  const weight = source.weight({ path: 'of no use', saved: kernel.name })!
  expect(weight.positions?.length).toBe(kernel.kept)
  expect(weight.values.length).toBe(kernel.kept)
  const network = readNetwork(source)
  expect(entriesOf(network)).toBe(mask.kept)
  applyMask(own, mask)
  expectSameOutputs(own, network)
})

test('a container in 8 bits', async () => {
  const own = ownModel()
  const mask = maskOf(own)
  const network = readNetwork(await openCompressed(await pack(own, { mask, type: 'int8' })))
  expect(entriesOf(network)).toBe(mask.kept)
})

test('what is no container is refused as ever', async () => {
  expect(await lateRefusalOf(() => openCompressed(new Uint8Array(30)))).toContain('RangeError')
  expect(await lateRefusalOf(() => openCompressed(5 as never))).toContain('TypeError')
  expect(await lateRefusalOf(() => openCompressed('indexeddb://own'))).toContain('RangeError')
  const wrong = { maximumBits: 3 } as never
  expect(await lateRefusalOf(() => openCompressed(new Uint8Array(30), wrong))).toContain(
    'TypeError',
  )
})
