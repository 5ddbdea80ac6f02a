import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { saveCompressed } from 'tfjs-prune/files'
import { compileSparse, openCompressed } from 'tfjs-prune/sparse'
import { describe, expect, test } from 'vitest'
import { readNetwork } from '../../../src/sparse/reading/read-network.js'
import { modelSource } from '../../../src/sparse/sources/model-source.js'
import { randomValues } from '../../support/weights.js'
import { expectSameOutputs, farthest, predicted, prunedWeights } from '../support/compare.js'

const [steps, channels, units] = [5, 3, 4]
const kinds = ['simpleRNN', 'gru', 'lstm'] as const

function returning(kind: (typeof kinds)[number], options: object): LayersModel {
  const x = input({ shape: [steps, channels] })
  const layer = layers[kind]({
    ...{ units, recurrentInitializer: 'glorotNormal', returnState: true },
    ...options,
  } as never)
  const outputs = layer.apply(x) as SymbolicTensor[]
  return prunedWeights(model({ inputs: x, outputs }))
}

const cases = kinds.flatMap((kind) => [
  [kind, 'its last step', returning.bind(null, kind, {})] as const,
  [kind, 'all steps', returning.bind(null, kind, { returnSequences: true })] as const,
  [kind, 'its first step', returning.bind(null, kind, { goBackwards: true })] as const,
])

describe.each(cases)('%s that returns %s and its states', (kind, _, build) => {
  test('gives those of tfjs', async () => {
    const own = build()
    const network = readNetwork(await modelSource(own))
    expect(network.outputs.length).toBe(kind === 'lstm' ? 3 : 2)
    expectSameOutputs(own, network)
  })

  test.each([1, 16, 19])('gives those of tfjs, compiled: %i samples', async (batch) => {
    const own = build()
    const network = await compileSparse(own)
    const values = Float32Array.from(randomValues(batch * steps * channels, 4))
    const wanted = predicted(own, [values], { shapes: [[steps, channels]], batch })
    const got = network.predict([values]) as unknown as Float32Array[]
    for (const [i, one] of wanted.entries())
      expect(farthest(got[i]!, one.values)).toBeLessThan(1e-5)
    network.dispose()
  })
})

test('the cell state of one unit by hand', async () => {
  const x = input({ shape: [2, 1] })
  const layer = layers.lstm({
    ...{ units: 1, activation: 'linear', recurrentActivation: 'linear', returnState: true },
    ...{ recurrentInitializer: 'zeros', useBias: false },
  })
  const own = model({ inputs: x, outputs: layer.apply(x) as SymbolicTensor[] })
  // Gates of x: input 2x, forget 3x, cell 5x, output 7x; nothing from the state.
  own.setWeights([tf.tensor2d([[2, 3, 5, 7]]), tf.zeros([1, 4])])
  const network = await compileSparse(own)
  const outputs = network.predict([Float32Array.of(1, 2)]) as unknown as Float32Array[]
  // c1 = 2 * 5 = 10; c2 = 6 * 10 + 4 * 10 = 100; h2 = 14 * 100.
  expect(outputs.map(([value]) => value)).toEqual([1400, 1400, 100])
})

test('a state alone, and from a file', async () => {
  const x = input({ shape: [steps, channels] })
  const layer = layers.lstm({ units, recurrentInitializer: 'glorotNormal', returnState: true })
  const [, , carry] = layer.apply(x) as SymbolicTensor[]
  const outputs = layers.dense({ units: 2 }).apply(carry!) as SymbolicTensor
  const own = prunedWeights(model({ inputs: x, outputs }))
  let file = new Uint8Array()
  await saveCompressed(own, (bytes) => {
    file = bytes
  })
  const network = await compileSparse(await openCompressed(file))
  const values = Float32Array.from(randomValues(3 * steps * channels, 4))
  const [wanted] = predicted(own, [values], { shapes: [[steps, channels]], batch: 3 })
  expect(farthest(network.predict(values) as Float32Array, wanted!.values)).toBeLessThan(1e-5)
})
