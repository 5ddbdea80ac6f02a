import { memory } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, denseMask } from 'tfjs-prune'
import { setDecisionThreshold } from 'tfjs-prune/certify'
import { saveCompressed } from 'tfjs-prune/files'
import { compileSparse, openCompressed, toWasm } from 'tfjs-prune/sparse'
import { describe, expect, test } from 'vitest'
import { writeModule } from '../../../src/sparse/module/write-module.js'
import { elementwise } from '../../../src/sparse/network/elementwise.js'
import { through } from '../../support/through.js'
import { prunedWeights } from '../support/compare.js'
import { layerCases } from '../support/layer-cases.js'
import { dice } from '../support/random-networks.js'
import { recurrentCases } from '../support/recurrent-cases.js'
import { openFile } from './run-file.js'

const wave = (length: number, seed = 1) =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + i * 1.7))
const small = () =>
  sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1] }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  })

const valuesOf = ({ weights }: LayersModel) =>
  Object.fromEntries(
    weights.map((weight) => [weight.originalName, weight.read().dataSync() as Float32Array]),
  )

describe('toWasm', () => {
  test.each([...layerCases, ...recurrentCases])('%s: as compileSparse', async (_, shape, chain) => {
    const inputs = input({ shape: [...shape] })
    const outputs = chain().reduce<SymbolicTensor>((x, layer) => through(layer, x), inputs)
    const own = prunedWeights(model({ inputs, outputs }))
    const file = await openFile(await toWasm(own))
    const network = await compileSparse(own)
    const [size] = network.inputs.map((sides) => sides.reduce((a, b) => a * b, 1))
    for (let seed = 0; seed < 3; seed++) {
      const xs = wave(size!, seed)
      const wanted = [network.predict(xs)].flat()[0] as Float32Array
      expect(file.run([xs])).toBe(0)
      const got = file.outputs()[0]!
      const top = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
      expect(got.length).toBe(wanted.length)
      // One unit in the last place of the largest, where exponentials are in play.
      for (const [i, value] of got.entries())
        expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(2 ** -22 * top)
    }
    network.dispose()
    own.dispose()
  })

  test('writes the weights of a model, of a round and of a file, to the same bytes', async () => {
    const own = small()
    const mask = await computeMask(own, { density: 0.25 })
    const dense = await toWasm(own)
    const trained = valuesOf(own)
    const packed = { ...trained }
    for (const { name, values } of mask.weights)
      packed[name] = trained[name]!.filter((_, i) => values[i] === 1)
    const ofRound = await toWasm(own, { round: { mask, trained: packed } })
    applyMask(own, mask)
    const before = memory().numTensors
    const sparse = await toWasm(own)
    expect(memory().numTensors).toBe(before)
    expect(sparse).toEqual(ofRound)
    expect(sparse.length).toBeLessThan(dense.length)
    let bytes = new Uint8Array()
    await saveCompressed(own, (file) => {
      bytes = file
    })
    expect(await toWasm(await openCompressed(bytes))).toEqual(sparse)
    own.dispose()
  })

  test('has no imports, and exports memory, addresses and run', async () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
    const sum = layers.add().apply([a, b]) as SymbolicTensor
    const outputs = [layers.dense({ units: 2 }).apply(sum) as SymbolicTensor, sum]
    const own = model({ inputs: [a, b], outputs })
    const metadata = { threshold: '-1.5', classes: '["benign","melanoma"]' }
    const file = await openFile(await toWasm(own, { metadata }))
    expect(WebAssembly.Module.imports(file.module)).toEqual([])
    const names = WebAssembly.Module.exports(file.module).map(({ name }) => name)
    expect(names).toEqual(['memory', 'run', 'input0', 'input1', 'output0', 'output1'])
    expect(file.facts).toEqual({ version: 1, inputs: [[3], [3]], outputs: [[2], [3]], metadata })
    expect(file.run([Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)])).toBe(0)
    expect([...file.outputs()[1]!]).toEqual([5, 7, 9])
    own.dispose()
  })

  test('tells the decision threshold of a model and of its file, and not for a round', async () => {
    const own = small()
    const decision = { threshold: -1.25, positiveClass: 1 }
    setDecisionThreshold(own, decision)
    let bytes = new Uint8Array()
    await saveCompressed(own, (file) => {
      bytes = file
    })
    const file = await toWasm(own)
    expect((await openFile(file)).facts.decision).toEqual(decision)
    expect(await toWasm(await openCompressed(bytes))).toEqual(file)
    const round = { mask: denseMask(own), trained: valuesOf(own) }
    expect((await openFile(await toWasm(own, { round }))).facts.decision).toBeUndefined()
    own.setUserDefinedMetadata({ 'tfjs-prune': { decisionThreshold: { threshold: 'low' } } })
    await expect(toWasm(own)).rejects.toThrow('Cannot write a module: expected threshold')
    own.dispose()
  })

  test('takes the sides that a model leaves open', async () => {
    const conv = layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [null, null, 1] as never })
    const own = sequential({ layers: [conv] })
    await expect(toWasm(own)).rejects.toThrow('give inputShapes')
    const file = await openFile(await toWasm(own, { inputShapes: [[6, 7, 1]] }))
    expect(file.facts.outputs).toEqual([[4, 5, 2]])
    own.dispose()
  })

  test('refuses all else', async () => {
    const own = small()
    await expect(toWasm({} as never)).rejects.toThrow(TypeError)
    await expect(toWasm(own, { tfjs: {} } as never)).rejects.toThrow('tfjs')
    await expect(toWasm(own, { metadata: { threshold: -1.5 } as never })).rejects.toThrow(
      'Cannot write a module: expected metadata of texts, got -1.5 for threshold',
    )
    await expect(toWasm(own, { metadata: new Map([['a', 'b']]) as never })).rejects.toThrow(
      'Cannot write a module: expected metadata of texts, got a Map',
    )
    const source = { topology: {}, weight: () => undefined }
    const round = { mask: denseMask(own), trained: {} }
    await expect(toWasm(source, { round })).rejects.toThrow(
      'Cannot write a module: expected a model beside a round, got an opened file',
    )
    class Twice extends layers.Layer {
      static className = 'TwiceInModules'
    }
    const foreign = sequential({ layers: [new Twice({ name: 'twice', inputShape: [2] } as never)] })
    // No word of the option tfjs, which compileSparse has.
    await expect(toWasm(foreign)).rejects.toThrow('layers that can be compiled, got twice')
    own.dispose()
    await expect(toWasm(own)).rejects.toThrow('disposed')
  })
})

const POINTS = [
  ...[0, -0, 1e-40, -1e-40, 1e-9, -1e-9, 1e-5, -1e-5, 1e-3, -1e-3, 0.5, -0.5, 1, -1, 2, -2, 6.5],
  ...[-6.5, 20, -20, 87, -87, 89, -89, 104, -104, 500, -500, 1e5, -1e5, 3e38, -3e38],
  ...dice(1)
    .floats(300)
    .map((x) => 8 * x),
]
const names = (
  'linear cut leakyRelu thresholdedRelu elu selu sigmoid hardSigmoid softplus softsign tanh swish ' +
  'mish gelu geluByTanh'
).split(' ')

/** Steps between two floats, in the order of all floats. */
function stepsBetween(a: number, b: number): number {
  const place = (x: number) => {
    const [bits] = new Int32Array(Float32Array.of(x).buffer)
    return bits! < 0 ? -(bits! & 0x7fffffff) : bits!
  }
  return Math.abs(place(a) - place(b))
}

test.each(names)('%s in a module is that of JavaScript, to a step of float32', async (name) => {
  const operation = { kind: 'activate', name, parameters: {} } as const
  const xs = Float32Array.from(POINTS)
  const file = await openFile(
    await writeModule({
      shapes: [[xs.length], [xs.length]],
      inputs: [0],
      outputs: [1],
      steps: [{ layer: name, operation, inputs: [0], output: 1 }],
    }),
  )
  expect(file.run([xs])).toBe(0)
  const act = elementwise(operation)
  file.outputs()[0]!.forEach((value, i) => {
    expect(Object.is(value, -0), `${xs[i]}`).toBe(Object.is(Math.fround(act(xs[i]!)), -0))
    expect(stepsBetween(value, Math.fround(act(xs[i]!))), `${xs[i]}: ${value}`).toBeLessThanOrEqual(
      1,
    )
  })
})
