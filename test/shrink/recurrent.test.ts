import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as makeModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { unitGrains } from '../../src/granularity/unit-grains.js'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { countParameters, modelWeights } from '../../src/internal/model-weights.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { createMask, type Mask } from '../../src/masks/mask.js'
import { shrink } from '../../src/shrink/shrink.js'
import { randomValues } from '../support/weights.js'
import { fillFinite } from './random-graphs.js'
import {
  differenceOf,
  outputsOf,
  setWeights,
  shrinkSafely,
  sizesAfter,
  weightOf,
} from './support.js'

const recurrentInitializer = 'glorotNormal' as const

/** Drops whole cells: their columns of both kernels. `wholeUnits` adds their biases. */
function withoutCells(
  model: LayersModel,
  cells: Readonly<Record<string, readonly number[]>>,
): Mask {
  const weights = modelWeights(model)
    .filter(({ layer, role }) => cells[layer] && role !== 'bias')
    .map((weight) => {
      const { name, layer, role, shape } = weight
      const values = Uint8Array.from(unitGrains(weight).of, (unit) =>
        cells[layer]!.includes(unit) ? 0 : 1,
      )
      return { name, layer, role, shape, values }
    })
  return wholeUnits(model, createMask(weights, countParameters(model)))
}

const apply = (layer: layers.Layer, to: SymbolicTensor) => layer.apply(to) as SymbolicTensor

const shapesOf = (model: LayersModel, layer: string) =>
  modelWeights(model)
    .filter((weight) => weight.layer === layer)
    .map(({ shape }) => shape.join('x'))

type Options = Readonly<Record<string, unknown>>
const kinds = {
  SimpleRNN: (options: Options) => layers.simpleRNN(options as never),
  GRU: (options: Options) => layers.gru(options as never),
  LSTM: (options: Options) => layers.lstm(options as never),
}
const gatesOf = { SimpleRNN: 1, GRU: 3, LSTM: 4 } as const
const classes = ['SimpleRNN', 'GRU', 'LSTM'] as const

describe('shrink', () => {
  it.each(
    classes.flatMap((name) =>
      [
        {},
        { returnSequences: true },
        { goBackwards: true },
        { useBias: false },
        { activation: 'relu', recurrentActivation: 'hardSigmoid' },
      ].map((options) => [name, options] as const),
    ),
  )('shrink removes whole cells of %s with %o', async (name, options) => {
    const model = sequential({
      layers: [
        kinds[name]({ name: 'r', units: 6, recurrentInitializer, inputShape: [5, 3], ...options }),
        ...('returnSequences' in options ? [layers.flatten()] : []),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    fillFinite(model, 3)
    const shrunk = await shrinkSafely(model, withoutCells(model, { r: [1, 4] }))
    expect(shrunk.kept).toEqual([])
    expect(shrunk.layers[0]).toEqual({ layer: 'r', what: 'units', before: 6, after: 4 })
    const columns = 4 * gatesOf[name]
    const bias = 'useBias' in options ? [] : [`${columns}`]
    expect(shapesOf(shrunk.model, 'r')).toEqual([`3x${columns}`, `4x${columns}`, ...bias])
    shrunk.model.dispose()
  })

  it('shrink removes whole filters of ConvLSTM2D, padded or not', async () => {
    for (const padding of ['same', 'valid']) {
      const model = sequential({
        layers: [
          layers.convLstm2d({
            ...{ name: 'r', filters: 6, kernelSize: 3, padding, recurrentInitializer },
            ...{ inputShape: [3, 4, 4, 2], returnSequences: padding === 'same' },
          } as never) as layers.Layer,
          layers.flatten(),
          layers.dense({ name: 'out', units: 2 }),
        ],
      })
      fillFinite(model, 4)
      const shrunk = await shrinkSafely(model, withoutCells(model, { r: [0, 5] }))
      expect(shrunk.layers[0]).toEqual({ layer: 'r', what: 'filters', before: 6, after: 4 })
    }
  })

  it('shrink removes cells that nobody reads though they are alive, and the rows of stacked layers', async () => {
    const model = sequential({
      layers: [
        layers.lstm({
          ...{ name: 'r', units: 6, recurrentInitializer, returnSequences: true },
          inputShape: [5, 3],
        }),
        layers.gru({ name: 's', units: 4, recurrentInitializer }),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    fillFinite(model, 5)
    const withoutRow = (name: string, side: number) => ({
      [name]: weightOf(model, name).map((value, i) => (Math.floor(i / side) === 2 ? 0 : value)),
    })
    setWeights(model, { ...withoutRow('out/kernel', 2), ...withoutRow('s/recurrent_kernel', 12) })
    const shrunk = await shrinkSafely(model, withoutCells(model, { r: [0] }))
    expect(sizesAfter(shrunk)).toEqual({ r: 5, s: 3, out: 2 })
    expect(shapesOf(shrunk.model, 's')).toEqual(['5x9', '3x9', '9'])
  })

  it.each(['concat', 'sum', 'mul', 'ave'] as const)(
    'shrink removes a cell of both directions, merged by %s',
    async (mergeMode) => {
      for (const returnSequences of [true, false]) {
        const layer = layers.lstm({
          ...{ name: 'r', units: 6, recurrentInitializer, returnSequences },
        }) as layers.RNN
        const model = sequential({
          layers: [
            layers.bidirectional({ name: 'both', layer, mergeMode, inputShape: [5, 3] }),
            ...(returnSequences ? [layers.gru({ name: 's', units: 4, recurrentInitializer })] : []),
            layers.dense({ name: 'out', units: 2 }),
          ],
        })
        fillFinite(model, 6)
        // Cell 3 is dead in one direction alone: the other still needs its number.
        const mask = withoutCells(model, { 'both/forward_r': [1, 3], 'both/backward_r': [1] })
        const shrunk = await shrinkSafely(model, mask)
        expect(sizesAfter(shrunk)).toMatchObject({
          ...{ 'both/forward_r': 5, 'both/backward_r': 5 },
        })
        expect(shapesOf(shrunk.model, 'both/backward_r')).toEqual(['3x20', '5x20', '20'])
      }
    },
  )

  it('shrink removes a cell of both directions that are put out side by side', async () => {
    const entry = input({ shape: [5, 3] })
    const layer = layers.gru({ name: 'r', units: 4, recurrentInitializer }) as layers.RNN
    const both = layers.bidirectional({ name: 'both', layer, mergeMode: null as never })
    const [forwards, backwards] = both.apply(entry) as SymbolicTensor[]
    const outputs = [forwards!, backwards!].map((one, i) =>
      apply(layers.dense({ name: `out${i}`, units: 2 }), one),
    )
    const model = makeModel({ inputs: entry, outputs })
    fillFinite(model, 7)
    const mask = withoutCells(model, { 'both/forward_r': [1, 2], 'both/backward_r': [2, 3] })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toMatchObject({ 'both/forward_r': 3, 'both/backward_r': 3 })
  })

  it('shrink removes cells of stateful layers, whose answers stay the same from batch to batch', async () => {
    for (const isBoth of [false, true]) {
      const options = { name: 'r', units: 6, stateful: true, recurrentInitializer } as const
      const batchInputShape: [number, number, number] = [4, 5, 3]
      const model = sequential({
        layers: [
          isBoth
            ? layers.bidirectional({
                ...{ name: 'both', batchInputShape, mergeMode: 'concat' },
                layer: layers.lstm(options) as layers.RNN,
              })
            : layers.lstm({ ...options, batchInputShape }),
          layers.dense({ name: 'out', units: 2 }),
        ],
      })
      fillFinite(model, 8)
      const mask = withoutCells(
        model,
        isBoth ? { 'both/forward_r': [2], 'both/backward_r': [2] } : { r: [2] },
      )
      const { model: small, layers: cut } = await shrink(model, { mask })
      expect(cut[0]!.after).toBe(5)
      applyMask(model, mask)
      model.resetStates()
      for (let batch = 0; batch < 3; batch++) {
        const values = tensor(randomValues(60, batch), [4, 5, 3])
        const wanted = outputsOf(model, [values])
        expect(differenceOf(wanted, outputsOf(small, [values]))).toBeLessThan(1e-6)
      }
    }
  })

  it('shrink removes cells in front of any form of normalisation, where the layer behind reads them', async () => {
    for (const [scale, center] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ]) {
      const model = sequential({
        layers: [
          layers.lstm({
            ...{ name: 'r', units: 5, recurrentInitializer, returnSequences: true },
            inputShape: [6, 3],
          }),
          layers.batchNormalization({ name: 'norm', scale: scale!, center: center! }),
          layers.conv1d({ name: 'conv', filters: 3, kernelSize: 3, padding: 'same' }),
          layers.gru({ name: 's', units: 3, recurrentInitializer }),
        ],
      })
      fillFinite(model, 15)
      const mask = withoutCells(model, { r: [1, 3] })
      expect(mask.weights.some(({ layer }) => layer === 'norm')).toBe(true)
      const shrunk = await shrinkSafely(model, mask)
      expect([shrunk.kept, sizesAfter(shrunk).r]).toEqual([[], 3])
    }
  })

  it('shrink removes cells of a shared layer where they are dead in all of its calls', async () => {
    const [a, b] = [input({ shape: [4, 3] }), input({ shape: [4, 3] })]
    const shared = layers.gru({ name: 'r', units: 4, recurrentInitializer })
    const sides = [a, b].map((one) => apply(shared, one))
    const joined = layers.concatenate().apply(sides) as SymbolicTensor
    const outputs = apply(layers.dense({ name: 'out', units: 2 }), joined)
    const model = makeModel({ inputs: [a, b], outputs })
    fillFinite(model, 16)
    const shrunk = await shrinkSafely(model, withoutCells(model, { r: [0, 2] }))
    expect([shapesOf(shrunk.model, 'r'), shapesOf(shrunk.model, 'out')]).toEqual([
      ...[
        ['3x6', '2x6', '6'],
        ['4x2', '2'],
      ],
    ])
  })

  it('shrink takes constants of dead units into all gates of the layer behind', async () => {
    for (const useBias of [true, false]) {
      const model = sequential({
        layers: [
          layers.dense({ name: 'in', units: 4, activation: 'sigmoid', inputShape: [5, 3] }),
          layers.bidirectional({
            ...{ name: 'both', mergeMode: 'concat' },
            layer: layers.lstm({
              ...{ name: 'r', units: 3, useBias, recurrentInitializer },
            }) as layers.RNN,
          }),
          layers.dense({ name: 'out', units: 2 }),
        ],
      })
      fillFinite(model, 9)
      const kernel = weightOf(model, 'in/kernel').map((value, i) => (i % 4 === 1 ? 0 : value))
      setWeights(model, { 'in/kernel': kernel })
      const shrunk = await shrinkSafely(model)
      expect([shrunk.kept, sizesAfter(shrunk).in]).toEqual([[], 3])
      expect(shapesOf(shrunk.model, 'both/forward_r')).toEqual(['3x12', '3x12', '12'])
    }
  })

  it('shrink keeps a cell that its bias alone keeps alive', async () => {
    const model = sequential({
      layers: [
        layers.gru({ name: 'r', units: 4, recurrentInitializer, inputShape: [5, 3] }),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    fillFinite(model, 10)
    const { weights, parameters } = withoutCells(model, { r: [1] })
    const kernels = weights.filter(({ role }) => role !== 'bias')
    const shrunk = await shrinkSafely(model, createMask(kernels, parameters))
    expect(sizesAfter(shrunk).r).toBe(4)
  })

  it('shrink looks through layers that are applied at each step', async () => {
    const model = sequential({
      layers: [
        layers.lstm({
          ...{ name: 'r', units: 6, recurrentInitializer, returnSequences: true },
          inputShape: [5, 3],
        }),
        layers.timeDistributed({ name: 'each', layer: layers.dense({ name: 'd', units: 4 }) }),
        layers.timeDistributed({ layer: layers.batchNormalization({ name: 'norm' }) as never }),
        layers.timeDistributed({ layer: layers.reLU() as never }),
        layers.simpleRNN({ name: 's', units: 3, recurrentInitializer }),
      ],
    })
    fillFinite(model, 11)
    const mask = withoutCells(model, { r: [0, 5], 'each/d': [2] })
    const shrunk = await shrinkSafely(model, mask)
    expect(sizesAfter(shrunk)).toEqual({ r: 4, 'each/d': 3, s: 3 })
  })

  it('shrink leaves layers whole that are given a state, or put theirs out, and says so', async () => {
    const entry = input({ shape: [5, 3] })
    const first = layers.gru({ name: 'first', units: 4, returnState: true, recurrentInitializer })
    const [, state] = first.apply(entry) as SymbolicTensor[]
    const second = layers.gru({ name: 'second', units: 4, recurrentInitializer })
    const end = second.apply([entry, state!]) as SymbolicTensor
    const outputs = apply(layers.dense({ name: 'out', units: 2 }), end)
    const model = makeModel({ inputs: entry, outputs })
    fillFinite(model, 12)
    const shrunk = await shrinkSafely(model, withoutCells(model, { first: [1], second: [1] }))
    expect(shrunk.kept).toEqual([
      { layer: 'first', reason: 'it returns its states' },
      { layer: 'second', reason: 'it is given its initial state' },
    ])
    expect(sizesAfter(shrunk)).toEqual({ out: 2 })
  })

  it('shrink cuts a wrapper at the start of a nested model', async () => {
    const inner = sequential({
      layers: [
        layers.bidirectional({
          ...{ name: 'both', mergeMode: 'concat', inputShape: [5, 4] },
          layer: layers.gru({ name: 'r', units: 3, recurrentInitializer }) as layers.RNN,
        }),
      ],
    })
    const model = sequential({
      layers: [
        layers.lstm({
          ...{ name: 'first', units: 4, recurrentInitializer, returnSequences: true },
          inputShape: [5, 2],
        }),
        inner,
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    fillFinite(model, 13)
    const path = `${inner.name}/both`
    const shrunk = await shrinkSafely(
      model,
      withoutCells(model, { first: [1], [`${path}/forward_r`]: [0], [`${path}/backward_r`]: [0] }),
    )
    expect(sizesAfter(shrunk)).toMatchObject({ first: 3, [`${path}/forward_r`]: 2 })
  })

  it('shrink takes masked steps and sides that are open', async () => {
    const model = sequential({
      layers: [
        layers.embedding({ inputDim: 6, outputDim: 3, maskZero: true, inputLength: 4 }),
        layers.lstm({ name: 'r', units: 5, recurrentInitializer, returnSequences: true }),
        layers.gru({ name: 's', units: 4, recurrentInitializer }),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    fillFinite(model, 14)
    const numbers = tensor([1, 2, 0, 0, 5, 4, 3, 0], [2, 4], 'int32') as Tensor
    const mask = withoutCells(model, { r: [0, 2], s: [3] })
    const shrunk = await shrinkSafely(model, mask, { inputs: [numbers] })
    expect(sizesAfter(shrunk)).toMatchObject({ r: 3, s: 3 })
  })

  it('shrink computes the constants of time steps in a fixed batch', async () => {
    const model = sequential({
      layers: [
        layers.lstm({
          ...{ name: 'r', units: 4, recurrentInitializer, returnSequences: true },
          batchInputShape: [2, 5, 3],
        }),
        layers.timeDistributed({
          name: 'each',
          layer: layers.dense({ name: 'd', units: 3, kernelInitializer: 'zeros' }),
        }),
        layers.flatten(),
        layers.dense({ name: 'out', units: 2 }),
      ],
    })
    fillFinite(model, 15)
    const xs = tensor(randomValues(30, 3), [2, 5, 3])
    const mask = withoutCells(model, { r: [0, 1, 2, 3] })
    const shrunk = await shrinkSafely(model, mask, { inputs: [xs] })
    // The steps are a constant each, which the last layer's bias takes over.
    expect(shrunk.parameters.after).toBeLessThan(shrunk.parameters.before / 2)
  })
})
