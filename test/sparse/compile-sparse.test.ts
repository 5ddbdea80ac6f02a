import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, model, sequential } from '@tensorflow/tfjs-layers'
import { build } from 'esbuild'
import { applyMask, applyTrained, computeMask, evaluateOn, fit, prune } from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { saveCompressed } from 'tfjs-prune/files'
import { describe, expect, it } from 'vitest'
import { compileSparse } from '../../src/sparse/compile-sparse.js'
import { openCompressed } from '../../src/sparse/sources/open-compressed.js'

const image = [9, 9, 2] as const

async function prunedModel(density = 0.3): Promise<LayersModel> {
  const made = sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu', inputShape: [...image] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', useBias: false }),
      layers.batchNormalization({}),
      layers.activation({ activation: 'tanh' }),
      layers.flatten(),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  })
  applyMask(made, await computeMask(made, { density }))
  return made
}

const samples = (count: number, seed = 1) =>
  tf.randomNormal([count, ...image], 0, 1, 'float32', seed) as tf.Tensor4D

function expectNear(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length)
  const most = Math.max(...Array.from(wanted, Math.abs))
  const furthest = Math.max(...Array.from(wanted, (one, i) => Math.abs(one - got[i]!)))
  expect(furthest / most).toBeLessThan(1e-5)
}

const predicted = (one: LayersModel, xs: tf.Tensor) => (one.predict(xs) as tf.Tensor).dataSync()

describe('compileSparse', () => {
  it.each([1, 5, 16, 19, 40])('predicts as tfjs does: %i samples', async (count) => {
    const made = await prunedModel()
    const network = await compileSparse(made, { tfjs: tf })
    const xs = samples(count)
    expectNear(network.predict(xs.dataSync() as Float32Array) as Float32Array, predicted(made, xs))
    const tensor = network.predict(xs) as tf.Tensor
    expect(tensor.shape).toEqual([count, 3])
    expectNear(tensor.dataSync(), predicted(made, xs))
    network.dispose()
  })

  it('leaves no tensor behind, and works on two networks at once', async () => {
    const models = [await prunedModel(0.2), await prunedModel(0.6)]
    const xs = samples(3)
    const before = tf.memory().numTensors
    const networks = await Promise.all(models.map((one) => compileSparse(one)))
    const values = xs.dataSync() as Float32Array
    const turns = [0, 1, 0, 1].map((i) => networks[i]!.predict(values) as Float32Array)
    expect(tf.memory().numTensors).toBe(before)
    expect(turns[2]).toEqual(turns[0])
    expect(turns[3]).toEqual(turns[1])
    for (const [i, one] of models.entries()) expectNear(turns[i]!, predicted(one, xs))
  })

  it('takes the weights of a round, of a file and of the model as it is now', async () => {
    if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
    const made = await prunedModel(1)
    const data = { xs: samples(12), ys: Int32Array.from({ length: 12 }, (_, i) => i % 3) }
    const { rounds } = await prune(made, {
      train: fit(data, { optimizer: () => tf.train.sgd(0.01), epochs: 1 }),
      evaluate: evaluateOn(data, { positiveClass: 1 }),
      schedule: [1, 0.5, 0.25],
    })
    const values = data.xs.dataSync() as Float32Array
    const ofModel = await compileSparse(made)
    for (const round of rounds) {
      const ofRound = await compileSparse(made, { round })
      applyTrained(made, round)
      await ofModel.update()
      let file = new Uint8Array()
      await saveCompressed(made, (bytes) => {
        file = bytes
      })
      const ofFile = await compileSparse(await openCompressed(file))
      const wanted = predicted(made, data.xs)
      const outcomes = [ofRound, ofModel, ofFile].map((one) => one.predict(values) as Float32Array)
      expectNear(outcomes[0]!, wanted)
      expect(outcomes[1]).toEqual(outcomes[0])
      expect(outcomes[2]).toEqual(outcomes[0])
      for (const one of [ofRound, ofFile]) one.dispose()
    }
  })

  it('runs several inputs and outputs, and a layer of the user in the middle', async () => {
    class Twice extends layers.Layer {
      static className = 'Twice'
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([inputs].flat()[0]!, 2)
      }
    }
    const [a, b] = [tf.randomNormal([4, 3]), tf.randomNormal([4, 2])]
    const inputs = [3, 2].map((length) => layers.input({ shape: [length] }))
    const dense = layers.dense({ units: 2 }).apply(inputs[0]!)
    const twice = new Twice({ name: 'twice' } as never).apply(dense)
    const sum = layers.add().apply([twice, inputs[1]!] as never)
    const made = model({ inputs, outputs: [sum, dense] as never })
    await expect(compileSparse(made)).rejects.toThrow(/twice.*Twice|Twice.*twice/)
    const network = await compileSparse(made, { tfjs: tf })
    const values = [a, b].map((one) => one.dataSync() as Float32Array)
    const got = network.predict(values) as Float32Array[]
    const wanted = (made.predict([a, b]) as tf.Tensor[]).map((one) => one.dataSync())
    expectNear(got[0]!, wanted[0]!)
    expectNear(got[1]!, wanted[1]!)
    expect(network.stats.steps.map(({ way }) => way)).toContain('tfjs')
  })

  it('counts what it does', async () => {
    const made = sequential({
      layers: [layers.dense({ units: 2, inputShape: [4] }), layers.dense({ units: 1 })],
    })
    made.setWeights([
      ...[tf.tensor2d([1, 0, 0, 0, 0, 0, 0, 3], [4, 2]), tf.tensor1d([0, 0])],
      ...[tf.tensor2d([0, 5], [2, 1]), tf.tensor1d([0])],
    ])
    const { stats } = await compileSparse(made)
    expect(stats.steps.map(({ density }) => density)).toEqual([0.25, 0.5])
    expect([stats.multiplyAdds, stats.denseMultiplyAdds]).toEqual([3, 10])
    expect(stats.bytes).toBeGreaterThan(0)
  })

  it('stats has a row for each step where zeros lie around zeros', async () => {
    const pads = [layers.zeroPadding2d({ inputShape: [...image] }), layers.zeroPadding2d({})]
    const conv = layers.conv2d({ filters: 3, kernelSize: 3 })
    const made = sequential({
      layers: [...pads, conv, layers.flatten(), layers.dense({ units: 2 })],
    })
    const network = await compileSparse(made)
    expect(network.stats.steps.map(({ operation, way }) => [operation, way === 'plain'])).toEqual([
      ['product', false],
      ['reshape', true],
      ['product', false],
    ])
    const xs = samples(1)
    expectNear(network.predict(xs.dataSync() as Float32Array) as Float32Array, predicted(made, xs))
  })

  it('names each input that is not finite, in every order of data', async () => {
    const network = await compileSparse(await prunedModel())
    const size = 9 * 9 * 2 // two of them behind the last whole vector
    for (const [batch, sample] of [
      [1, 0],
      [19, 15],
      [19, 18],
      [32, 31],
    ] as const)
      for (const place of [0, 7, 160, 161])
        for (const value of [Number.NaN, Infinity, -Infinity]) {
          const values = new Float32Array(batch * size).fill(3.4e38)
          expect(network.predict(values)).toHaveLength(batch * 3)
          values[sample * size + place] = value
          const message = `expected finite inputs, got ${value} at ${place} of sample ${sample}`
          expect(() => network.predict(values)).toThrow(message)
        }
    network.dispose()
  })

  it('refuses bad inputs and goes on', async () => {
    const made = await prunedModel()
    const network = await compileSparse(made)
    const values = samples(2).dataSync() as Float32Array
    const wanted = network.predict(values)
    const bad = Float32Array.from(values)
    bad[170] = Number.NaN
    const { predict } = network as { predict: (inputs: unknown) => unknown }
    expect(() => predict(values.subarray(1))).toThrow(/whole samples of \[samples, 9, 9, 2\]/)
    expect(() => predict(new Float32Array(0))).toThrow(/whole samples/)
    expect(() => predict(bad)).toThrow(/finite inputs, got NaN at 8 of sample 1/)
    expect(() => predict([values, values])).toThrow(/expected 1 input, got 2/)
    expect(() => predict(null)).toThrow(TypeError)
    expect(() => predict([[1, 2]])).toThrow(TypeError)
    expect(() => predict(tf.zeros([1, 9, 8, 2]))).toThrow(/tensor \[samples, 9, 9, 2\], got/)
    expect(() => predict(samples(1))).toThrow(/hand tfjs-core in/)
    expect(network.predict(values)).toEqual(wanted)
    network.dispose()
    network.dispose()
    expect(() => predict(values)).toThrow(/disposed/)
    await expect(network.update()).rejects.toThrow(/disposed/)
    const late = await compileSparse(made)
    const updating = late.update()
    late.dispose()
    await expect(updating).rejects.toThrow(/disposed/)
  })

  it('refuses bad options and sources', async () => {
    const made = await prunedModel()
    const compile = compileSparse as (source: unknown, options?: unknown) => Promise<unknown>
    await expect(compile({})).rejects.toThrow(TypeError)
    await expect(compile(made, { relax: true })).rejects.toThrow(/relaxed/)
    await expect(compile(made, { tfjs: {} })).rejects.toThrow(/tensor/)
    await expect(compile(made, { inputShapes: [[9, 9, 3]] })).rejects.toThrow(RangeError)
  })

  it('needs no tfjs where a page only runs a network', async () => {
    const { metafile } = await build({
      entryPoints: ['src/sparse/compile-sparse.ts'],
      ...{ bundle: true, write: false, format: 'esm', metafile: true, logLevel: 'silent' },
      external: ['@tensorflow/*'],
    })
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    expect(imports.map(({ path }) => path).filter((path) => path.includes('tensorflow'))).toEqual(
      [],
    )
  })
})
