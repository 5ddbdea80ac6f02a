import { input, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import type { SparseWeight } from '../../../src/sparse/network/source.js'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { expectSameOutputs, prunedWeights } from '../support/compare.js'

/** A model `a` with a layer `b`, and a layer named `other` behind it. */
function twoLayers(other: string) {
  const x = input({ shape: [4] })
  const inner = sequential({
    name: 'a',
    layers: [layers.dense({ name: 'b', units: 4, inputShape: [4] })],
  })
  const between = inner.apply(x) as SymbolicTensor
  const last = layers.dense({ name: other, units: 4 }).apply(between) as SymbolicTensor
  return prunedWeights(model({ inputs: x, outputs: [between, last] }))
}

test('two layers of one path are refused: weights go by it', async () => {
  await expect(modelSource(twoLayers('a/b'))).rejects.toThrow(
    'expected layers of different paths, got two of a/b',
  )
})

test('a slash alone does no harm', async () => {
  const network = twoLayers('c/b')
  expectSameOutputs(network, readNetwork(await modelSource(network)))
})

test('a file with two layers of one path keeps their weights apart', () => {
  const whole = (value: number): SparseWeight => ({
    shape: [4, 4],
    values: new Float32Array(16).fill(value),
  })
  const bias: SparseWeight = { shape: [4], values: new Float32Array(4) }
  const named: Record<string, SparseWeight> = { 'b/kernel': whole(2), 'a/b/kernel': whole(3) }
  const network = readNetwork({
    topology: twoLayers('a/b').toJSON(null, false) as object,
    weight: ({ saved }) => (saved.endsWith('/bias') ? bias : named[saved]),
  })
  const values = network.steps.map(
    ({ operation }) => operation.kind === 'product' && operation.matrix.values[0],
  )
  expect(values).toEqual([2, 3])
})
