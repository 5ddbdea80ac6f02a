import { tensor2d } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { through } from '../support/through.js'
import { fillWeights } from '../support/weights.js'
import { dropping, setWeights, shrinkSafely, sizesAfter, weightOf } from './support.js'

const graph = (x: SymbolicTensor, y: SymbolicTensor): LayersModel =>
  fillWeights(modelOf({ inputs: x, outputs: y }))

/** Two branches of 4 filters that are joined, and a convolution behind them. */
function branches(join: layers.Layer): LayersModel {
  const x = input({ shape: [5, 5, 2] })
  const conv = (name: string) =>
    layers.conv2d({ name, filters: 4, kernelSize: 1, activation: 'relu' })
  const both = through(join, [through(conv('left'), x), through(conv('right'), x)])
  return graph(
    x,
    through(layers.conv2d({ name: 'out', filters: 2, kernelSize: 3, padding: 'same' }), both),
  )
}

const deadKernel = (drop: readonly number[]) => ({ axis: 3, drop })
const deadBias = (drop: readonly number[]) => ({ axis: 0, drop })

describe('shrink', () => {
  it.each(['add', 'average', 'maximum'] as const)(
    'shrink removes filters that %s joins only together',
    async (join) => {
      const model = branches(layers[join]())
      // Filters 1 and 2 of the left, 2 and 3 of the right are dead: only 2 is so on both sides.
      const mask = dropping(model, {
        'left/kernel': deadKernel([1, 2]),
        'left/bias': deadBias([1, 2]),
        'right/kernel': deadKernel([2, 3]),
        'right/bias': deadBias([2, 3]),
      })
      const kernels = [weightOf(model, 'left/kernel'), weightOf(model, 'right/kernel')]
      const shrunk = await shrinkSafely(model, mask)
      expect(sizesAfter(shrunk)).toEqual({ left: 3, right: 3, out: 2 })
      const staying = ([left]: number[][]) =>
        [0, 1, 3, 4, 5, 7].map((i) => ([1, 5].includes(i) ? 0 : left![i]))
      expect(weightOf(shrunk.model, 'left/kernel')).toEqual(staying(kernels))
    },
  )

  it('shrink removes filters of both sides of a sum that nothing reads behind it', async () => {
    const model = branches(layers.add())
    const shrunk = await shrinkSafely(
      model,
      dropping(model, { 'out/kernel': { axis: 2, drop: [0, 3] } }),
    )
    expect(sizesAfter(shrunk)).toEqual({ left: 2, right: 2, out: 2 })
  })

  it('shrink removes filters from a residual stream only where all that write it and read it agree', async () => {
    const x = input({ shape: [6, 6, 2] })
    const conv = (name: string, filters: number) =>
      layers.conv2d({ name, filters, kernelSize: 3, padding: 'same' })
    const stem = through(conv('stem', 4), x)
    const block = (name: string, at: SymbolicTensor) =>
      through(layers.add(), [
        at,
        through(conv(`${name}_b`, 4), through(layers.reLU(), through(conv(`${name}_a`, 3), at))),
      ])
    const model = graph(x, through(conv('out', 2), block('two', block('one', stem))))
    const unread = { axis: 2, drop: [1] }
    const some = dropping(model, { 'one_a/kernel': unread, 'out/kernel': unread })
    expect(sizesAfter(await shrinkSafely(model, some)).stem).toBe(4)
    const all = dropping(model, {
      'one_a/kernel': unread,
      'two_a/kernel': unread,
      'out/kernel': unread,
    })
    expect(sizesAfter(await shrinkSafely(model, all))).toEqual({
      stem: 3,
      one_a: 3,
      one_b: 3,
      two_a: 3,
      two_b: 3,
      out: 2,
    })
  })

  it('shrink finds the channels of each side behind a concatenation', async () => {
    const model = branches(layers.concatenate())
    const shrunk = await shrinkSafely(
      model,
      dropping(model, { 'out/kernel': { axis: 2, drop: [0, 1, 6] } }),
    )
    expect(sizesAfter(shrunk)).toEqual({ left: 2, right: 3, out: 2 })
  })

  it('shrink ties the channels of sides that are concatenated along another axis', async () => {
    const model = branches(layers.concatenate({ axis: 1 }))
    const shrunk = await shrinkSafely(
      model,
      dropping(model, { 'out/kernel': { axis: 2, drop: [0, 1] } }),
    )
    expect(sizesAfter(shrunk)).toEqual({ left: 2, right: 2, out: 2 })
  })

  it('shrink removes a filter in front of Flatten only when all its places are unread', async () => {
    const build = () => {
      const conv = layers.conv2d({
        name: 'conv',
        filters: 3,
        kernelSize: 2,
        activation: 'relu',
        inputShape: [3, 3, 1],
      })
      return fillWeights(
        sequential({ layers: [conv, layers.flatten(), layers.dense({ name: 'out', units: 2 })] }),
      )
    }
    const rows = { 'out/kernel': { axis: 0, drop: [1, 4, 7] } }
    const model = build()
    expect(sizesAfter(await shrinkSafely(model, dropping(model, rows))).conv).toBe(3)
    const whole = { 'out/kernel': { axis: 0, drop: [1, 4, 7, 10] } }
    const kernel = weightOf(model, 'out/kernel')
    const shrunk = await shrinkSafely(model, dropping(model, whole))
    expect(sizesAfter(shrunk).conv).toBe(2)
    const left = [0, 2, 3, 5, 6, 8, 9, 11].flatMap((row) => kernel.slice(2 * row, 2 * row + 2))
    expect(weightOf(shrunk.model, 'out/kernel')).toEqual(left)
  })

  it('shrink folds a filter in front of Flatten with all its places', async () => {
    const conv = layers.conv2d({
      name: 'conv',
      filters: 3,
      kernelSize: 2,
      activation: 'sigmoid',
      inputShape: [3, 3, 1],
    })
    const model = fillWeights(
      sequential({ layers: [conv, layers.flatten(), layers.dense({ name: 'out', units: 2 })] }),
    )
    const shrunk = await shrinkSafely(model, dropping(model, { 'conv/kernel': deadKernel([1]) }))
    expect(sizesAfter(shrunk)).toEqual({ conv: 2, out: 2 })
  })

  it('shrink cuts Reshape, Permute, RepeatVector and PReLU to size', async () => {
    const x = input({ shape: [4] })
    const layer = (name: string) => layers.dense({ name, units: 6, activation: 'relu' })
    let y = through(layers.reshape({ targetShape: [2, 3] }), through(layer('first'), x))
    y = through(
      layers.permute({ dims: [1, 2] }),
      through(layers.prelu({ name: 'slope', alphaInitializer: 'ones' }), y),
    )
    y = through(layers.dense({ name: 'second', units: 4 }), y)
    y = through(layers.repeatVector({ n: 3 }), through(layers.globalAveragePooling1d({}), y))
    const model = graph(x, through(layers.dense({ name: 'out', units: 2 }), y))
    const mask = dropping(model, {
      'second/kernel': { axis: 0, drop: [1] },
      'out/kernel': { axis: 0, drop: [0, 2] },
    })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({ first: 4, second: 2, out: 2 })
    expect(shrunk.model.getLayer('slope').outputShape).toEqual([null, 2, 2])
    expect(shrunk.kept).toEqual([])
  })

  // The stock wasm backend takes such slopes for those of channels.
  it.skipIf(process.env.TFJS_BACKEND === 'wasm')(
    'shrink cuts a PReLU whose last axis is shared without touching its slopes',
    async () => {
      const first = layers.conv2d({
        name: 'first',
        filters: 3,
        kernelSize: 1,
        inputShape: [2, 2, 1],
      })
      const slope = layers.prelu({ name: 'slope', sharedAxes: [3] })
      const model = fillWeights(
        sequential({
          layers: [first, slope, layers.conv2d({ name: 'out', filters: 1, kernelSize: 1 })],
        }),
      )
      const shrunk = await shrinkSafely(
        model,
        dropping(model, { 'out/kernel': { axis: 2, drop: [1, 2] } }),
      )
      expect(sizesAfter(shrunk)).toEqual({ first: 1, out: 1 })
      expect(weightOf(shrunk.model, 'slope/alpha')).toEqual(weightOf(model, 'slope/alpha'))
    },
  )

  it('shrink removes what no call of a shared layer needs', async () => {
    const x = input({ shape: [3] })
    const twin = layers.dense({ name: 'twin', units: 3, activation: 'tanh' })
    const [once, twice] = [through(twin, x), through(twin, through(twin, x))]
    const outs = [once, twice].map((y, i) =>
      through(layers.dense({ name: `out_${i}`, units: 1 }), y),
    )
    const model = graph(x, through(layers.add(), outs))
    const unread = { axis: 0, drop: [2] }
    // The twin reads its own unit 2 in the second call.
    const outputsOnly = dropping(model, { 'out_0/kernel': unread, 'out_1/kernel': unread })
    expect(sizesAfter(await shrinkSafely(model, outputsOnly)).twin).toBe(3)
  })

  it('shrink cuts a layer that two branches share', async () => {
    const x = input({ shape: [3] })
    const twin = layers.dense({ name: 'twin', units: 4, activation: 'tanh' })
    const stems = ['left', 'right'].map((name) =>
      through(layers.dense({ name, units: 5, activation: 'relu' }), x),
    )
    const outs = stems.map((stem, i) =>
      through(layers.dense({ name: `out_${i}`, units: 1 }), through(twin, stem)),
    )
    const model = graph(x, through(layers.add(), outs))
    const mask = dropping(model, {
      'twin/kernel': { axis: 0, drop: [0, 4] },
      'out_0/kernel': { axis: 0, drop: [1, 2] },
      'out_1/kernel': { axis: 0, drop: [2, 3] },
    })
    expect(sizesAfter(await shrinkSafely(model, mask))).toEqual({
      left: 3,
      right: 3,
      twin: 3,
      out_0: 1,
      out_1: 1,
    })
  })

  it('shrink folds into a shared layer only what is the same constant in each call', async () => {
    const build = (biases: readonly number[]) => {
      const x = input({ shape: [3] })
      const twin = layers.dense({ name: 'twin', units: 2 })
      const stems = ['left', 'right'].map((name) => through(layers.dense({ name, units: 3 }), x))
      const model = graph(
        x,
        through(
          layers.concatenate(),
          stems.map((stem) => through(twin, stem)),
        ),
      )
      setWeights(model, { 'left/bias': [1, biases[0]!, 2], 'right/bias': [1, biases[1]!, 2] })
      const dead = { axis: 1, drop: [1] }
      return { model, mask: dropping(model, { 'left/kernel': dead, 'right/kernel': dead }) }
    }
    const [same, other] = [build([5, 5]), build([5, 6])]
    expect(sizesAfter(await shrinkSafely(same.model, same.mask))).toEqual({
      left: 2,
      right: 2,
      twin: 2,
    })
    expect(sizesAfter(await shrinkSafely(other.model, other.mask))).toEqual({
      left: 3,
      right: 3,
      twin: 2,
    })
  })

  it('shrink works through nested models, functional and sequential', async () => {
    const inner = input({ shape: [4], name: 'inner_in' })
    const functional = modelOf({
      name: 'functional',
      inputs: inner,
      outputs: through(layers.dense({ name: 'wide', units: 5, activation: 'relu' }), inner),
    })
    const nested = sequential({
      name: 'nested',
      layers: [layers.dense({ name: 'narrow', units: 3, inputShape: [5] })],
    })
    const x = input({ shape: [2] })
    const stem = through(layers.dense({ name: 'stem', units: 4, activation: 'tanh' }), x)
    const y = through(nested as never, through(functional as never, stem))
    const model = graph(x, through(layers.dense({ name: 'out', units: 1 }), y))
    const mask = dropping(model, {
      'functional/wide/kernel': { axis: 0, drop: [3] },
      'nested/narrow/kernel': { axis: 0, drop: [0, 1] },
      'out/kernel': { axis: 0, drop: [2] },
    })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({
      stem: 3,
      'functional/wide': 3,
      'nested/narrow': 2,
      out: 1,
    })
  })

  it('shrink names and cuts the layers of a sequential model that starts with a model', async () => {
    const start = sequential({
      name: 'start',
      layers: [layers.dense({ name: 'wide', units: 4, inputShape: [2] })],
    })
    const whole = sequential({
      name: 'whole',
      layers: [start as never, layers.dense({ name: 'narrow', units: 3 })],
    })
    const x = input({ shape: [2] })
    const model = graph(
      x,
      through(layers.dense({ name: 'out', units: 1 }), through(whole as never, x)),
    )
    const mask = dropping(model, {
      'whole/narrow/kernel': { axis: 0, drop: [0, 1] },
      'out/kernel': { axis: 0, drop: [2] },
    })
    expect(sizesAfter(await shrinkSafely(model, mask))).toEqual({
      'whole/start/wide': 2,
      'whole/narrow': 2,
      out: 1,
    })
  })

  it('shrink folds a constant across the border of a nested model that is called once, not of one called twice', async () => {
    const build = (calls: 1 | 2) => {
      const x = input({ shape: [2] })
      const nested = sequential({
        name: 'nested',
        layers: [layers.dense({ name: 'dense', units: 2, inputShape: [3] })],
      })
      const stems = ['left', 'right']
        .slice(0, calls)
        .map((name) => through(layers.dense({ name, units: 3 }), x))
      const joined = stems.map((stem) => through(nested as never, stem))
      const outs = joined.map((y, i) => through(layers.dense({ name: `out_${i}`, units: 1 }), y))
      const model = graph(x, calls === 1 ? outs[0]! : through(layers.add(), outs))
      const dead = { axis: 1, drop: [1] }
      const names = ['left', 'right'].slice(0, calls)
      return {
        model,
        mask: dropping(model, Object.fromEntries(names.map((name) => [`${name}/kernel`, dead]))),
      }
    }
    const [once, twice] = [build(1), build(2)]
    expect(sizesAfter(await shrinkSafely(once.model, once.mask)).left).toBe(2)
    expect(sizesAfter(await shrinkSafely(twice.model, twice.mask)).left).toBe(3)
  })

  it('shrink cuts the dimensions of an embedding that nothing reads or that hold one value', async () => {
    const words = layers.embedding({ name: 'words', inputDim: 7, outputDim: 4, inputLength: 3 })
    const model = fillWeights(
      sequential({
        layers: [words, layers.globalAveragePooling1d({}), layers.dense({ name: 'out', units: 2 })],
      }),
    )
    const mask = dropping(model, {
      'words/embeddings': { axis: 1, drop: [0] },
      'out/kernel': { axis: 0, drop: [3] },
    })
    const shrunk = await shrinkSafely(model, mask, {
      inputs: [tensor2d([0, 6, 3], [1, 3], 'int32')],
    })
    expect(sizesAfter(shrunk)).toEqual({ words: 2, out: 2 })
  })

  it('shrink cuts recurrent layers and wrappers, leaves what others look at, and says why', async () => {
    const x = input({ shape: [4, 3] })
    const first = through(layers.dense({ name: 'first', units: 3 }), x)
    const steps = through(
      layers.timeDistributed({ name: 'steps', layer: layers.dense({ units: 3 }) }),
      first,
    )
    const state = through(
      layers.simpleRNN({ name: 'state', units: 3, recurrentInitializer: 'glorotNormal' }),
      steps,
    )
    const norm = through(
      layers.layerNormalization({ name: 'norm' }),
      through(layers.dense({ name: 'last', units: 3 }), state),
    )
    const model = graph(x, through(layers.dense({ name: 'out', units: 1 }), norm))
    const mask = dropping(model, {
      'first/kernel': { axis: 1, drop: [0] },
      'last/kernel': { axis: 1, drop: [0] },
      'out/kernel': { axis: 0, drop: [0] },
    })
    const { layers: sizes, kept } = await shrinkSafely(model, mask)
    expect(sizes.filter(({ before, after }) => before !== after)).toEqual([
      { layer: 'first', what: 'units', before: 3, after: 2 },
    ])
    const reason = 'LayerNormalization may look at all channels'
    expect(kept).toEqual([{ layer: 'norm', reason }])
  })

  it('shrink works along the last axis of sequences and volumes', async () => {
    const sequence = fillWeights(
      sequential({
        layers: [
          layers.conv1d({
            name: 'first',
            filters: 4,
            kernelSize: 3,
            activation: 'relu',
            inputShape: [9, 2],
          }),
          layers.maxPooling1d({ poolSize: 2 }),
          layers.conv1d({ name: 'second', filters: 3, kernelSize: 2 }),
          layers.globalMaxPooling1d({}),
          layers.dense({ name: 'out', units: 1 }),
        ],
      }),
    )
    const volume = fillWeights(
      sequential({
        layers: [
          layers.conv3d({
            name: 'first',
            filters: 4,
            kernelSize: 2,
            activation: 'relu',
            inputShape: [4, 4, 4, 1],
          }),
          layers.averagePooling3d({ poolSize: 3, strides: 1 } as never),
          layers.conv3d({ name: 'second', filters: 3, kernelSize: 1 }),
          layers.flatten(),
          layers.dense({ name: 'out', units: 1 }),
        ],
      }),
    )
    for (const [model, axis] of [[sequence, 2] as const, [volume, 4] as const]) {
      const mask = dropping(model, { 'first/kernel': { axis, drop: [0, 2] } })
      expect(sizesAfter(await shrinkSafely(model, mask))).toEqual({ first: 2, second: 3, out: 1 })
    }
  })

  it('shrink leaves layers whose channels come first', async () => {
    const first = layers.conv2d({
      name: 'first',
      filters: 3,
      kernelSize: 1,
      dataFormat: 'channelsFirst',
      inputShape: [1, 4, 4],
    })
    const second = layers.conv2d({
      name: 'second',
      filters: 2,
      kernelSize: 1,
      dataFormat: 'channelsFirst',
    })
    const model = fillWeights(sequential({ layers: [first, second] }))
    const { layers: sizes, kept } = await shrinkSafely(
      model,
      dropping(model, { 'second/kernel': { axis: 2, drop: [0] } }),
    )
    expect(sizes).toEqual([])
    const reason = 'its channels are not on the last axis'
    expect(kept).toEqual([
      { layer: 'first', reason },
      { layer: 'second', reason },
    ])
  })
})
