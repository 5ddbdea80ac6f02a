import { tensor, train } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { gradualPruner } from '../../src/gradual/gradual-pruner.js'
import type { Granularity } from '../../src/granularity/granularity.js'
import { units } from '../../src/granularity/units.js'
import { wholeUnits } from '../../src/granularity/whole-units.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import type { Mask } from '../../src/masks/mask.js'
import { prune } from '../../src/prune.js'
import { fineTune } from '../../src/rewind/fine-tune.js'
import { shrink } from '../../src/shrink/shrink.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { pruneWeights } from '../../src/step/prune-weights.js'
import { evaluateOn } from '../../src/training/evaluate-on.js'
import { fit } from '../../src/training/fit.js'
import { differenceOf, inputsFor, outputsOf, setWeights, weightOf } from '../shrink/support.js'
import { randomValues } from '../support/weights.js'

const seeded = (seed: number) => ({
  kernelInitializer: initializers.glorotNormal({ seed }),
  recurrentInitializer: initializers.glorotNormal({ seed: seed + 1 }),
})

/** Both directions of an LSTM of 16 cells, a GRU of 10, and two classes: 4,128 parameters. */
function bothWays(): LayersModel {
  const layer = layers.lstm({ ...seeded(1), name: 'lstm', units: 16, returnSequences: true })
  const model = sequential({
    layers: [
      layers.bidirectional({
        ...{ name: 'both', mergeMode: 'concat', inputShape: [6, 5] },
        layer: layer as layers.RNN,
      }),
      layers.gru({ ...seeded(3), name: 'gru', units: 10 }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
  // Both directions are given the same values, and biases none.
  for (const [i, { name, variable }] of modelWeights(model).entries())
    setWeights(model, { [name]: [...randomValues(variable.size, i + 1)] })
  return model
}
const select = { keepLastLayer: true }

/** Cells that a mask keeps of a weight, by hand: their columns stand gate by gate. */
function cellsOf(mask: Mask, name: string, count: number): number[] {
  const { values, shape } = mask.weights.find((weight) => weight.name === name)!
  const columns = shape.at(-1)!
  const kept = Array.from({ length: count }, () => new Set<number>())
  for (const [i, value] of values.entries()) kept[(i % columns) % count]!.add(value)
  expect(kept.every(({ size }) => size === 1)).toBe(true)
  return [...kept.keys()].filter((cell) => kept[cell]!.has(1))
}

/** Sums of the magnitudes of each cell over several weights. */
function scoresOf(model: LayersModel, names: readonly string[], count: number): number[] {
  const scores = new Array<number>(count).fill(0)
  for (const name of names) {
    for (const [i, value] of weightOf(model, name).entries()) scores[i % count]! += Math.abs(value)
  }
  return scores
}

/** The highest of some scores, in order. */
function highest(scores: readonly number[], count: number): number[] {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)
  return order.slice(0, count).sort((a, b) => a - b)
}

const directions = ['both/forward_lstm', 'both/backward_lstm']
const kernelsOf = (layer: string) => [`${layer}/kernel`, `${layer}/recurrent_kernel`]

describe('units of recurrent layers', () => {
  test('a cell has one score and one choice, in both directions', async () => {
    const model = bothWays()
    const mask = await computeMask(model, { density: 0.5, granularity: units(), select })
    const names = directions.flatMap(kernelsOf)
    const wanted = highest(scoresOf(model, names, 16), 8)
    for (const name of names) expect(cellsOf(mask, name, 16)).toEqual(wanted)
    const ofGru = highest(scoresOf(model, kernelsOf('gru'), 10), 5)
    for (const name of kernelsOf('gru')) expect(cellsOf(mask, name, 10)).toEqual(ofGru)
    expect(mask.density).toBe(0.5)
  })

  test('norm and mean combine over all parts of a cell', async () => {
    const model = bothWays()
    for (const combine of ['norm', 'mean'] as const) {
      const mask = await computeMask(model, {
        ...{ density: 0.5, granularity: units({ combine }), select },
      })
      const names = kernelsOf('gru')
      const squares = new Array<number>(10).fill(0)
      for (const name of names)
        for (const [i, value] of weightOf(model, name).entries()) squares[i % 10]! += value ** 2
      const scores = combine === 'norm' ? squares : scoresOf(model, names, 10)
      expect(cellsOf(mask, names[1]!, 10)).toEqual(highest(scores, 5))
    }
  })

  test('ties go by number, and masks only shrink', async () => {
    const model = bothWays()
    // Cells 2 to 9 are alike, and cells 0 and 1 above them.
    for (const name of kernelsOf('gru')) {
      const values = weightOf(model, name).map((_, i) => (i % 10 < 2 ? 2 : 1))
      setWeights(model, { [name]: values })
    }
    let previous: Mask | undefined
    for (const [density, count] of [
      [0.7, 7],
      [0.35, 4],
      [0.2, 2],
    ] as const) {
      const mask: Mask = await computeMask(model, {
        ...{ density, granularity: units(), select },
        ...(previous && { previous }),
      })
      const wanted = Array.from({ length: count }, (_, cell) => cell)
      for (const name of kernelsOf('gru')) expect(cellsOf(mask, name, 10)).toEqual(wanted)
      for (const [i, { values }] of mask.weights.entries()) {
        const before = previous?.weights[i]?.values
        expect(values.every((own, at) => own <= (before?.[at] ?? 1))).toBe(true)
      }
      previous = mask
    }
  })

  test('a cell counts once where layers compete', async () => {
    const model = bothWays()
    const requests: [string, number][] = []
    const mask = await computeMask(model, {
      ...{ density: 0.5, granularity: units({ combine: 'mean' }), select },
      allocate: (all, density) => {
        requests.push(...all.map(({ name, size }): [string, number] => [name, size]))
        return globally()(all, density)
      },
    })
    expect(requests).toEqual([
      ['both/forward_lstm/kernel', 16],
      ['gru/kernel', 10],
    ])
    const kept = ['both/forward_lstm/kernel', 'gru/kernel'].map(
      (name, i) => cellsOf(mask, name, [16, 10][i]!).length,
    )
    expect(kept[0]! + kept[1]!).toBe(13)
  })

  test('limits hold for each part', async () => {
    const mask = await computeMask(bothWays(), {
      ...{ density: 0.2, granularity: units() },
      select: { ...select, limits: [{ include: 'gru/recurrent_kernel', minimumDensity: 0.7 }] },
    })
    for (const name of kernelsOf('gru')) expect(cellsOf(mask, name, 10)).toHaveLength(7)
  })

  test('shrink leaves the half that was asked for: 1,238 of 4,128 parameters, the same outputs', async () => {
    const model = bothWays()
    const pruned = await pruneWeights(model, { density: 0.5, granularity: units(), select })
    const mask = wholeUnits(model, pruned)
    const { model: small, parameters, multiplyAdds, kept } = await shrink(model, { mask })
    expect(kept).toEqual([])
    expect(parameters).toEqual({ before: 4128, after: 1238 })
    expect(multiplyAdds).toEqual({
      before: 6 * 2 * 64 * (5 + 16) + 6 * 30 * (32 + 10) + 20,
      after: 6 * 2 * 32 * (5 + 8) + 6 * 15 * (16 + 5) + 10,
    })
    applyMask(model, mask)
    const inputs = inputsFor(model, 21)
    expect(differenceOf(outputsOf(model, inputs), outputsOf(small, inputs))).toBeLessThan(1e-6)
  })

  test('a granularity of a user may join weights, with as many groups each', async () => {
    const model = sequential({
      layers: [
        layers.dense({ name: 'a', units: 4, inputShape: [3] }),
        layers.dense({ name: 'b', units: 4 }),
      ],
    })
    const pairs: Granularity = { ...units(), joint: () => [['a/kernel', 'b/kernel']] }
    const mask = await computeMask(model, { density: 0.5, granularity: pairs })
    const wanted = highest(scoresOf(model, ['a/kernel', 'b/kernel'], 4), 2)
    for (const name of ['a/kernel', 'b/kernel']) expect(cellsOf(mask, name, 4)).toEqual(wanted)
    const uneven = sequential({
      layers: [
        layers.dense({ name: 'a', units: 4, inputShape: [3] }),
        layers.dense({ name: 'b', units: 3 }),
      ],
    })
    await expect(computeMask(uneven, { density: 0.5, granularity: pairs })).rejects.toThrow(
      'Cannot group b/kernel: expected the 4 groups of a/kernel, got 3',
    )
  })
})

const samples = () => ({
  xs: tensor(randomValues(12 * 30, 5), [12, 6, 5]),
  ys: Array.from({ length: 12 }, (_, i) => i % 2),
})

/** One recurrent layer of 12 cells on 4 inputs and 7 steps, and two classes. */
function oneLayer(make: (options: never) => layers.Layer): LayersModel {
  const options = { ...seeded(5), name: 'r', units: 12, inputShape: [7, 4] }
  const model = sequential({
    layers: [make(options as never), layers.dense({ name: 'out', units: 2 })],
  })
  for (const [i, { name, variable }] of modelWeights(model).entries())
    setWeights(model, { [name]: [...randomValues(variable.size, i + 31)] })
  return model
}

test.each([
  ['SimpleRNN', layers.simpleRNN, 1],
  ['GRU', layers.gru, 3],
  ['LSTM', layers.lstm, 4],
] as const)('half of the cells of %s leave a model of half the cells', async (_, make, gates) => {
  const model = oneLayer(make as never)
  const pruned = await pruneWeights(model, { density: 0.5, granularity: units(), select })
  expect(pruned.density).toBe(0.5)
  const mask = wholeUnits(model, pruned)
  applyMask(model, mask)
  const { model: small, parameters, multiplyAdds } = await shrink(model)
  const sizeOf = (cells: number) => gates * cells * (4 + cells + 1) + 2 * cells + 2
  expect(parameters).toEqual({ before: sizeOf(12), after: sizeOf(6) })
  const workOf = (cells: number) => 7 * gates * cells * (4 + cells) + 2 * cells
  expect(multiplyAdds).toEqual({ before: workOf(12), after: workOf(6) })
  const inputs = inputsFor(model, 41)
  expect(differenceOf(outputsOf(model, inputs), outputsOf(small, inputs))).toBeLessThan(1e-6)
})

test('half of the filters of ConvLSTM2D leave a model of half the filters', async () => {
  const model = sequential({
    layers: [
      layers.convLstm2d({
        ...{ ...seeded(7), name: 'r', filters: 4, kernelSize: 3, padding: 'same' },
        ...{ inputShape: [3, 4, 4, 2], returnSequences: false },
      } as never) as layers.Layer,
      layers.flatten(),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
  const pruned = await pruneWeights(model, { density: 0.5, granularity: units(), select })
  const { parameters } = await shrink(model, { mask: wholeUnits(model, pruned) })
  const sizeOf = (filters: number) => 4 * filters * (9 * (2 + filters) + 1) + 32 * filters + 2
  expect(parameters).toEqual({ before: sizeOf(4), after: sizeOf(2) })
})

test('prune with units removes half of the cells in rounds, and reports them', async () => {
  const [model, data] = [bothWays(), samples()]
  const { rounds } = await prune(model, {
    train: fit(data, { optimizer: () => train.adam(0.01), epochs: 1, batchSize: 6 }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    ...{ granularity: units(), select, schedule: [1, 0.5, 0.25], rewind: fineTune() },
  })
  const last = rounds.at(-1)!
  const [lstm, gru] = [2 * 64 * (5 + 16), 30 * (32 + 10)]
  expect(last.density).toBe((lstm / 4 + (3 * gru) / 10) / (lstm + gru))
  const { model: small, layers: cut, kept } = await shrink(model)
  expect(kept).toEqual([])
  expect(cut.map(({ layer, after }) => [layer, after])).toEqual([
    ...directions.map((layer) => [layer, 4]),
    ['gru', 3],
    ['out', 2],
  ])
  const inputs = inputsFor(model, 22)
  expect(differenceOf(outputsOf(model, inputs), outputsOf(small, inputs))).toBeLessThan(1e-6)
})

test('gradualPruner with units holds the biases of dead cells at 0, in all gates', async () => {
  const [model, { xs, ys }] = [bothWays(), samples()]
  const pruner = await gradualPruner(model, {
    ...{ density: 0.5, end: 4, every: 2, granularity: units(), select },
  })
  model.compile({ optimizer: pruner.optimizer(train.adam(0.01)), loss: 'meanSquaredError' })
  const labels = tensor(
    ys.flatMap((label) => [label, 1 - label]),
    [12, 2],
  )
  await model.fit(xs, labels, { batchSize: 4, epochs: 3, verbose: 0, callbacks: pruner.callback() })
  const alive = (name: string) => weightOf(model, name).filter((value) => value !== 0).length
  expect(alive('gru/bias')).toBe(15)
  const { layers: cut } = await shrink(model)
  expect(cut.map(({ after }) => after)).toEqual([8, 8, 5, 2])
  pruner.dispose()
})
