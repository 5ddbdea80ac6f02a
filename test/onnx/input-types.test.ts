import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { toOnnx } from '../../src/onnx/index.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { through } from '../support/through.js'
import { onnxDifference } from './support/differences.js'
import { withSeededWeights } from './support/seeded-weights.js'

type Build = (x: SymbolicTensor) => SymbolicTensor

const mixed: Build = (x) => through(layers.dense({ units: 3 }), x)
const alone =
  (layer: () => layers.Layer): Build =>
  (x) =>
    through(layer(), x)

const norm: Build = (x) => through(layers.batchNormalization(), x)
const flat: Build = (x) => through(layers.flatten(), x)
const pooled: Build = (x) => through(layers.maxPooling1d({ poolSize: 2 }), x)
const each: Build = (x) =>
  through(layers.timeDistributed({ layer: layers.batchNormalization() }), x)
const embedded: Build = (x) => through(layers.embedding({ inputDim: 2, outputDim: 3 }), x)

/** The outputs of a nested model that takes inputs of a type. */
function nested(dtype: 'int32' | 'float32', build: Build, x: SymbolicTensor): SymbolicTensor {
  const inputs = input({ shape: [3], dtype })
  return model({ inputs, outputs: build(inputs) }).apply(x) as SymbolicTensor
}

const built = (shape: number[], dtype: 'int32' | 'bool', build: Build) => {
  const x = input({ shape, dtype })
  return withSeededWeights(model({ inputs: x, outputs: build(x) }))
}

describe('toOnnx with inputs of whole numbers', () => {
  it.each([
    ['Dense', [3], mixed],
    ['ReLU', [3], alone(() => layers.reLU({ maxValue: 6 }))],
    ['LeakyReLU', [3], alone(() => layers.leakyReLU())],
    ['ThresholdedReLU', [3], alone(() => layers.thresholdedReLU())],
    ['PReLU', [3], alone(() => layers.prelu())],
    ['an activation', [3], alone(() => layers.activation({ activation: 'swish' }))],
    ['Add', [3], (x) => through(layers.add(), [x, mixed(x)])],
    ['Average', [3], (x) => through(layers.average(), [x, x])],
    ['Maximum', [3], (x) => through(layers.maximum(), [x, x, x])],
    ['Multiply', [3], (x) => through(layers.multiply(), [x, x])],
    ['Concatenate', [3], (x) => through(layers.concatenate(), [x, x])],
    ['Reshape', [4], alone(() => layers.reshape({ targetShape: [2, 2] }))],
    ['GlobalMaxPooling2D', [4, 4, 3], alone(() => layers.globalMaxPooling2d({}))],
    ['ZeroPadding2D', [4, 4, 3], alone(() => layers.zeroPadding2d())],
    ['Cropping2D', [4, 4, 3], alone(() => layers.cropping2D({ cropping: [1, 1] }))],
    ['UpSampling2D', [4, 4, 3], alone(() => layers.upSampling2d({}))],
    ['a norm behind a product', [3], (x) => norm(mixed(through(layers.reLU(), x)))],
    ['a norm of other floats', [3], (x) => norm(through(layers.add(), [mixed(x), x]))],
    ['a norm behind LeakyReLU', [3], (x) => norm(through(layers.leakyReLU(), x))],
    ['a norm behind ReLU', [3], (x) => norm(through(layers.reLU(), x))],
    ['a norm behind Add', [3], (x) => norm(through(layers.add(), [x, x]))],
    ['a norm behind Flatten', [4, 3], (x) => norm(flat(pooled(x)))],
    ['a norm in a nested model of floats', [3], (x) => nested('float32', norm, x)],
    ['norms of steps', [3], (x) => each(through(layers.repeatVector({ n: 2 }), x))],
    ['a join', [3], (x) => through(layers.concatenate(), [mixed(x), through(layers.reLU(), x)])],
    ['an embedding behind Flatten', [4, 3], (x) => embedded(flat(x))],
    ['Permute', [4, 3, 2], alone(() => layers.permute({ dims: [3, 1, 2] }))],
    ['RepeatVector', [3], alone(() => layers.repeatVector({ n: 2 }))],
  ] as [string, number[], Build][])('says %s', async (_, shape, build) => {
    const made = built(shape, 'int32', build)
    expect(await onnxDifference(made, { below: 2 })).toBeLessThan(1e-5)
    made.dispose()
  })

  it.each([
    ['Dense', [3], mixed],
    ['Reshape', [4], alone(() => layers.reshape({ targetShape: [2, 2] }))],
  ] as [string, number[], Build][])('says %s of truth values', async (_, shape, build) => {
    const made = built(shape, 'bool', build)
    expect(await onnxDifference(made, { below: 2 })).toBeLessThan(1e-5)
    made.dispose()
  })

  it.each([
    ['BatchNormalization', alone(() => layers.batchNormalization())],
    ['LayerNormalization', alone(() => layers.layerNormalization())],
    ['Activation', alone(() => layers.activation({ activation: 'selu' }))],
    ['Activation', alone(() => layers.activation({ activation: 'softplus' }))],
    ['Concatenate', (x) => through(layers.concatenate(), [mixed(x), x])],
    ['BatchNormalization', (x) => nested('int32', norm, through(layers.reLU(), x))],
  ] as [string, Build][])('refuses %s, whose outcome tfjs rounds', async (className, build) => {
    const made = built([3], 'int32', build)
    const refusal = await lateRefusalOf(() => toOnnx(made))
    expect(refusal).toContain(`(${className})`)
    expect(refusal).toContain('tfjs rounds')
    made.dispose()
  })

  it('refuses a TimeDistributed, whose steps tfjs rounds', async () => {
    const made = built([2, 3], 'int32', each)
    expect(await lateRefusalOf(() => toOnnx(made))).toContain(
      '(TimeDistributed): its input is int32',
    )
    made.dispose()
  })

  it('cuts the fractions of numbers that a nested model takes as whole ones', async () => {
    const x = input({ shape: [3] })
    const twice = through(layers.leakyReLU(), x)
    const outputs = nested('int32', (y) => through(layers.leakyReLU(), y), twice)
    const made = withSeededWeights(model({ inputs: x, outputs }))
    expect(await onnxDifference(made)).toBeLessThan(1e-5)
    made.dispose()
  })
})
