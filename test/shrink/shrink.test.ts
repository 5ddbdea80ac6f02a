import { memory, ones } from '@tensorflow/tfjs-core'
import {
  input,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { withMasks } from '../../src/layers/with-masks.js'
import { shrink } from '../../src/shrink/shrink.js'
import { fillWeights } from '../support/weights.js'
import {
  dropping,
  inputsFor,
  outputsOf,
  setWeights,
  shrinkSafely,
  sizesAfter,
  weightOf,
} from './support.js'

const mlp = () => {
  const hidden = layers.dense({ name: 'hidden', units: 3, activation: 'relu', inputShape: [2] })
  return sequential({ name: 'mlp', layers: [hidden, layers.dense({ name: 'out', units: 2 })] })
}

/** The stock initialiser of recurrent kernels takes chained operations, which are not loaded. */
const RECURRENT = { recurrentInitializer: 'glorotUniform' } as const

describe('shrink', () => {
  it('shrink removes a unit that nothing reads, and slices the weights around it', async () => {
    const model = setWeights(mlp(), {
      'hidden/kernel': [1, 2, 3, 4, 5, 6],
      'hidden/bias': [7, 8, 9],
      'out/kernel': [1, 2, 0, 0, 5, 6],
      'out/bias': [1, -1],
    })
    const shrunk = await shrinkSafely(model)
    expect(weightOf(shrunk.model, 'hidden/kernel')).toEqual([1, 3, 4, 6])
    expect(weightOf(shrunk.model, 'hidden/bias')).toEqual([7, 9])
    expect(weightOf(shrunk.model, 'out/kernel')).toEqual([1, 2, 5, 6])
    expect(weightOf(shrunk.model, 'out/bias')).toEqual([1, -1])
    expect(shrunk.parameters).toEqual({ before: 17, after: 12 })
    expect(shrunk.multiplyAdds).toEqual({ before: 12, after: 8 })
    expect(shrunk.layers).toEqual([
      { layer: 'hidden', what: 'units', before: 3, after: 2 },
      { layer: 'out', what: 'units', before: 2, after: 2 },
    ])
    expect(shrunk.kept).toEqual([])
  })

  it('shrink folds the constant of a dead unit through its activation into the next bias', async () => {
    const model = setWeights(mlp(), {
      'hidden/kernel': [1, 0, 3, 4, 0, 6],
      'hidden/bias': [7, 8, 9],
      'out/kernel': [1, 2, 3, 4, 5, 6],
      'out/bias': [1, -1],
    })
    const { model: small } = await shrinkSafely(model)
    expect(weightOf(small, 'out/kernel')).toEqual([1, 2, 5, 6])
    expect(weightOf(small, 'out/bias')).toEqual([1 + 8 * 3, -1 + 8 * 4])
  })

  it('shrink adds nothing for a unit that the activation holds at 0', async () => {
    const model = setWeights(mlp(), {
      'hidden/kernel': [1, 0, 3, 4, 0, 6],
      'hidden/bias': [7, -8, 9],
      'out/kernel': [1, 2, 3, 4, 5, 6],
      'out/bias': [1, -1],
    })
    const { model: small } = await shrinkSafely(model)
    expect(weightOf(small, 'out/bias')).toEqual([1, -1])
  })

  it('shrink gives a layer a bias that has none, when a constant needs it', async () => {
    const hidden = layers.dense({
      name: 'hidden',
      units: 2,
      activation: 'sigmoid',
      inputShape: [2],
    })
    const out = layers.dense({ name: 'out', units: 2, useBias: false })
    const model = setWeights(sequential({ layers: [hidden, out] }), {
      'hidden/kernel': [1, 0, 2, 0],
      'hidden/bias': [0, 0],
      'out/kernel': [1, 2, 3, 4],
    })
    const { model: small, parameters } = await shrinkSafely(model)
    expect(weightOf(small, 'out/bias')).toEqual([1.5, 2])
    expect(parameters).toEqual({ before: 10, after: 2 + 1 + 2 + 2 })
  })

  it('shrink takes masked weights for 0 and leaves the given model alone', async () => {
    const model = fillWeights(mlp())
    const mask = dropping(model, { 'hidden/kernel': { axis: 1, drop: [0, 2] } })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({ hidden: 1, out: 2 })
  })

  it('shrink takes a model with masking layers and gives stock ones', async () => {
    const model = fillWeights(mlp())
    const masked = withMasks(model, dropping(model, { 'out/kernel': { axis: 0, drop: [1] } }))
    const { model: small } = await shrink(masked)
    expect(small.layers.map((layer) => layer.getClassName())).toEqual(['Dense', 'Dense'])
    expect(weightOf(small, 'hidden/kernel')).toHaveLength(4)
    const inputs = inputsFor(model)
    expect(outputsOf(small, inputs)[0]![0]).toBeCloseTo(outputsOf(masked, inputs)[0]![0]!, 5)
  })

  it('shrink lets what was needed by removed outputs only go as well', async () => {
    const names = ['first', 'second', 'third']
    const chain = names.map((name) =>
      layers.dense({ name, units: 3, activation: 'tanh', useBias: false }),
    )
    const x = input({ shape: [2] })
    const y = chain.reduce((at, layer) => layer.apply(at) as SymbolicTensor, x)
    const model = fillWeights(
      modelOf({
        inputs: x,
        outputs: layers.dense({ name: 'out', units: 1 }).apply(y) as SymbolicTensor,
      }),
    )
    // Unit 0 of the third is not read; the second's unit 2 feeds it alone, and the first's unit 1
    // that one alone.
    const keep = (rows: readonly number[][]) => rows.flat()
    setWeights(model, {
      'second/kernel': keep([
        [1, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
      ]),
      'third/kernel': keep([
        [0, 1, 1],
        [0, 1, 1],
        [1, 0, 0],
      ]),
      'out/kernel': [0, 1, 1],
    })
    expect(sizesAfter(await shrinkSafely(model))).toEqual({ first: 2, second: 2, third: 2, out: 1 })
  })

  it('shrink leaves one unit of each layer where all are dead, and the right constant', async () => {
    const model = setWeights(mlp(), {
      'hidden/kernel': [0, 0, 0, 0, 0, 0],
      'hidden/bias': [1, 2, 3],
      'out/kernel': [1, 1, 1, 1, 1, 1],
      'out/bias': [0, 10],
    })
    const shrunk = await shrinkSafely(model)
    expect(sizesAfter(shrunk)).toEqual({ hidden: 1, out: 2 })
    const inputs = inputsFor(model)
    expect(outputsOf(shrunk.model, inputs)[0]!.slice(0, 2)).toEqual([6, 16])
  })

  it('shrink leaves inputs, outputs and the units of a softmax as they are', async () => {
    const out = layers.dense({ name: 'out', units: 3, activation: 'softmax' })
    const first = layers.dense({ name: 'first', units: 3, activation: 'softmax', inputShape: [4] })
    const model = fillWeights(sequential({ layers: [first, out] }))
    const mask = dropping(model, {
      'first/kernel': { axis: 1, drop: [0] },
      'out/kernel': { axis: 0, drop: [0] },
    })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({ first: 3, out: 3 })
    expect(shrunk.kept).toEqual([{ layer: 'first', reason: 'its softmax looks at all units' }])
  })

  it('shrink does not report a softmax at the end, as a layer of its own or not', async () => {
    for (const end of [layers.softmax(), layers.activation({ activation: 'softmax' })]) {
      const hidden = layers.dense({ name: 'hidden', units: 3, inputShape: [2] })
      const model = fillWeights(
        sequential({ layers: [hidden, layers.dense({ name: 'out', units: 2 }), end] }),
      )
      const { kept } = await shrinkSafely(
        model,
        dropping(model, { 'out/kernel': { axis: 0, drop: [1] } }),
      )
      expect(kept).toEqual([])
    }
  })

  it('shrink leaves recurrent states at 0, those of the given model as they are', async () => {
    const first = layers.simpleRNN({
      units: 2,
      stateful: true,
      batchInputShape: [1, 2, 2],
      ...RECURRENT,
    })
    const model = fillWeights(sequential({ layers: [first, layers.dense({ units: 1 })] }))
    const inputs = [ones([1, 2, 2])]
    const wanted = outputsOf(model, inputs)
    model.resetStates()
    const { model: small } = await shrink(model)
    expect(outputsOf(model, inputs)).toEqual(wanted)
    expect(outputsOf(small, inputs)).toEqual(wanted)
  })

  it('shrink keeps names, frozen layers and user-defined metadata', async () => {
    const model = fillWeights(mlp())
    model.layers[0]!.trainable = false
    model.setUserDefinedMetadata({ threshold: 0.25 })
    const { model: small } = await shrink(model, {
      mask: dropping(model, { 'out/kernel': { axis: 0, drop: [1] } }),
    })
    expect(small.name).toBe('mlp')
    expect(small.layers.map(({ name, trainable }) => [name, trainable])).toEqual([
      ['hidden', false],
      ['out', true],
    ])
    expect(small.getUserDefinedMetadata()).toEqual({ threshold: 0.25 })
  })

  it('shrink gives a plain copy where nothing is dead', async () => {
    const model = fillWeights(mlp())
    const { model: copy, parameters } = await shrinkSafely(model)
    expect(copy.toJSON()).toBe(model.toJSON())
    expect(parameters).toEqual({ before: 17, after: 17 })
    expect(weightOf(copy, 'hidden/kernel')).toEqual(weightOf(model, 'hidden/kernel'))
  })

  it('shrink leaves no tensors behind but the weights of the new model', async () => {
    const model = fillWeights(mlp())
    const mask = dropping(model, { 'hidden/kernel': { axis: 1, drop: [0] } })
    const before = memory().numTensors
    const { model: small } = await shrink(model, { mask })
    expect(memory().numTensors - before).toBe(4)
    small.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
