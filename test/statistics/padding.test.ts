import { concat, fill, randomNormal, slice, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import {
  model as defineModel,
  input,
  type LayersModel,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  averagePercentageOfZeros,
  computeMask,
  elements,
  layerwiseObs,
  taylor,
  units,
  wanda,
} from 'tfjs-prune'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import type { Statistic } from '../../src/types.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { largestError, statisticOf } from './support.js'

type Layers = layers.Layer[]

const LENGTHS = [3, 5, 2, 4]
const masking = () => layers.masking({ maskValue: 0, inputShape: [null as never, 2] })
const cells = { units: 3, recurrentInitializer: 'glorotNormal' } as const
const named = { ...cells, name: 'it' }
const relu = (name = 'it') => layers.dense({ units: 3, activation: 'relu', name })
const summary = (inputShape?: (number | null)[]) =>
  layers.lstm({ ...cells, ...(inputShape && { inputShape: inputShape as number[] }) })

/** A model whose layer of that name sees padded steps, which have no part in its outputs. */
interface Case {
  readonly title: string
  readonly build: () => Layers
  readonly statistics: readonly Statistic[]
  readonly name?: string
  /** The layer tells its last step alone, or sees that of another. */
  readonly isLast?: boolean | 'all'
}

const ALL: readonly Statistic[] = ['inputNorm', 'inputProducts', 'zeroShare']
const INPUTS: readonly Statistic[] = ['inputNorm', 'inputProducts']

const cases: Case[] = [
  { title: 'Dense', build: () => [masking(), relu(), summary()], statistics: ALL },
  {
    title: 'Dense with an Activation behind a normalisation',
    build: () => [
      masking(),
      layers.dense({ units: 3, name: 'it' }),
      layers.layerNormalization(),
      layers.activation({ activation: 'relu' }),
      summary(),
    ],
    statistics: ALL,
  },
  ...Object.entries({
    LeakyReLU: layers.leakyReLU,
    ELU: layers.elu,
    ThresholdedReLU: layers.thresholdedReLU,
  }).map(
    ([title, activation]): Case => ({
      title: `Dense with a ${title}, which hands no mask on`,
      build: () => [masking(), layers.dense({ units: 3, name: 'it' }), activation(), summary()],
      statistics: ALL,
    }),
  ),
  {
    title: 'Dense behind Dropout, LayerNormalization and a first Dense',
    build: () => [
      masking(),
      relu('first'),
      layers.dropout({ rate: 0.5 }),
      layers.layerNormalization(),
      relu(),
      summary(),
    ],
    statistics: ALL,
  },
  { title: 'LSTM', build: () => [masking(), layers.lstm(named)], statistics: INPUTS },
  { title: 'GRU', build: () => [masking(), layers.gru(named)], statistics: INPUTS },
  {
    title: 'SimpleRNN',
    build: () => [masking(), layers.simpleRNN({ ...named, activation: 'relu' })],
    statistics: ALL,
    isLast: true,
  },
  {
    title: 'SimpleRNN with all steps',
    build: () => [
      masking(),
      layers.simpleRNN({ ...named, activation: 'relu', returnSequences: true }),
      summary(),
    ],
    statistics: ALL,
  },
  {
    title: 'the second of two LSTMs',
    build: () => [
      masking(),
      layers.lstm({ ...cells, returnSequences: true }),
      layers.lstm({ ...named, goBackwards: true }),
    ],
    statistics: INPUTS,
  },
  {
    title: 'TimeDistributed(Dense)',
    build: () => [masking(), layers.timeDistributed({ layer: relu() }), summary()],
    statistics: ALL,
  },
  {
    title: 'TimeDistributed(model of Dense and Dense)',
    build: () => {
      const part = sequential({ layers: [layers.dense({ units: 4, inputShape: [2] }), relu()] })
      return [masking(), layers.timeDistributed({ layer: part }), summary()]
    },
    statistics: ALL,
  },
  {
    title: 'TimeDistributed(Conv1D)',
    build: () => [
      masking(),
      layers.timeDistributed({ layer: layers.reshape({ targetShape: [2, 1] }) }),
      layers.timeDistributed({
        layer: layers.conv1d({ filters: 2, kernelSize: 2, name: 'it', padding: 'same' }),
      }),
      layers.timeDistributed({ layer: layers.flatten() }),
      summary(),
    ],
    statistics: INPUTS,
  },
  {
    title: 'a layer of Bidirectional(LSTM)',
    build: () => [
      masking(),
      layers.bidirectional({ layer: layers.lstm(named) as never, mergeMode: 'concat' }),
    ],
    name: 'backward_it',
    statistics: INPUTS,
  },
  {
    title: 'Dense behind Bidirectional(LSTM) with all steps',
    build: () => [
      masking(),
      layers.bidirectional({
        layer: layers.lstm({ ...cells, returnSequences: true }) as never,
        mergeMode: 'concat',
      }),
      relu(),
      summary(),
    ],
    statistics: ALL,
  },
  {
    title: 'Dense in and behind a nested model',
    build: () => [
      masking(),
      sequential({ layers: [layers.dense({ units: 4, inputShape: [null as never, 2] })] }),
      relu(),
      summary(),
    ],
    statistics: ALL,
  },
  {
    title: 'Dense behind a recurrent layer, both in a nested model',
    build: () => {
      const steps = layers.dense({
        units: 2,
        biasInitializer: 'ones',
        inputShape: [null as never, 2],
      })
      return [masking(), steps, sequential({ layers: [summary([null, 2]), relu()] })]
    },
    statistics: ALL,
    isLast: 'all',
  },
  {
    title: 'Dense behind a nested model with a recurrent layer in another',
    build: () => {
      const inner = sequential({
        layers: [layers.dense({ units: 2, inputShape: [null as never, 2] }), summary()],
      })
      return [masking(), sequential({ layers: [inner, relu()] })]
    },
    statistics: ALL,
    isLast: 'all',
  },
  {
    title: 'Dense in a nested model that masks',
    build: () => [sequential({ layers: [masking(), relu()] }), summary()],
    statistics: ALL,
  },
  {
    title: 'LSTM behind a Conv1D, which hands no mask on but leaves it to recurrent layers',
    build: () => [
      masking(),
      layers.conv1d({ filters: 3, kernelSize: 1 }),
      layers.lstm({ ...named }),
    ],
    statistics: INPUTS,
  },
]

const sequences = () =>
  LENGTHS.map((length, i) => randomNormal([1, length, 2], 0, 1, 'float32', i + 1))
const pad = (sequence: Tensor, length: number) => {
  const missing = length - sequence.shape[1]!
  return missing > 0 ? concat([sequence, fill([sequence.shape[0]!, missing, 2], 0)], 1) : sequence
}
const padded = (length = 5) => concat(sequences().map((sequence) => pad(sequence, length)))

function modelOf(build: () => Layers): LayersModel {
  const steps = input({ shape: [null, 2] })
  const last = build().reduce((at, layer) => layer.apply(at) as SymbolicTensor, steps)
  const outputs = layers.dense({ name: 'out', units: 2 }).apply(last) as SymbolicTensor
  return fillWeights(defineModel({ inputs: steps, outputs }))
}

/** The full name of a kernel, whose layer may be inside others. */
function kernelOf(model: LayersModel, name: string): string {
  return modelWeights(model).find((weight) => `/${weight.name}`.endsWith(`/${name}/kernel`))!.name
}

/** A statistic of the sequences, each fed alone and without padding. */
async function oneByOne(
  model: LayersModel,
  statistic: Statistic,
  name: string,
  isLast?: Case['isLast'],
) {
  const sums: number[] = []
  let count = 0
  for (const xs of sequences()) {
    const steps = isLast === 'all' || (isLast && statistic === 'zeroShare') ? 1 : xs.shape[1]!
    const found = await statisticOf(model, statistic, { names: [name], samples: { xs, ys: [0] } })
    found[name]!.values.forEach((value, i) => {
      sums[i] = (sums[i] ?? 0) + (statistic === 'inputNorm' ? value ** 2 : value * steps)
    })
    count += steps
  }
  return sums.map((sum) => (statistic === 'inputNorm' ? Math.sqrt(sum) : sum / count))
}

describe('padded sequences', () => {
  beforeAll(() => {
    if (process.env.TFJS_BACKEND === 'wasm') registerWasmGradients()
  })

  describe.each(cases)('$title', ({ build, statistics, name = 'it', isLast }) => {
    it.each(statistics)('%s is that of the sequences one by one', async (statistic) => {
      const model = modelOf(build)
      const path = kernelOf(model, name)
      const expected = await oneByOne(model, statistic, path, isLast)
      for (const length of [5, 9]) {
        const samples = { xs: padded(length), ys: [0, 1, 0, 1], batchSize: 3 }
        const found = await statisticOf(model, statistic, { names: [path], samples })
        expect(largestError(found[path]!.values, expected)).toBeLessThan(1e-5)
      }
    })
  })

  it('inputNorm of biases counts the steps that are left, those of a last step too', async () => {
    const model = modelOf(() => [masking(), relu('first'), layers.lstm(named)])
    const names = ['first/bias', 'it/bias', 'out/bias']
    const samples = { xs: padded(9), ys: [0, 1, 0, 1] }
    const found = await statisticOf(model, 'inputNorm', { names, samples })
    const norms = names.map((name) => found[name]!.values[0]!)
    expect(largestError(norms, [Math.sqrt(14), Math.sqrt(14), 2])).toBeLessThan(1e-6)
  })

  it('inputNorm of a bias in front of a LeakyReLU counts the steps that are left', async () => {
    const dense = layers.dense({ units: 3, name: 'first' })
    const model = modelOf(() => [masking(), dense, layers.leakyReLU(), layers.lstm(named)])
    const samples = { xs: padded(9), ys: [0, 1, 0, 1] }
    const found = await statisticOf(model, 'inputNorm', { names: ['first/bias'], samples })
    expect(found['first/bias']!.values[0]).toBeCloseTo(Math.sqrt(14), 5)
  })

  it('steps count that a layer without mask rules reads: a Conv1D sees all of them', async () => {
    const model = modelOf(() => [
      masking(),
      layers.conv1d({ filters: 2, kernelSize: 1, name: 'it' }),
      layers.globalAveragePooling1d({}) as never,
    ])
    const samples = { xs: padded(9), ys: [0, 1, 0, 1] }
    const found = await statisticOf(model, 'inputNorm', { names: ['it/bias'], samples })
    expect(found['it/bias']!.values[0]).toBeCloseTo(6, 6)
  })

  // tfjs hands the LSTM five steps of a mask for four steps: it takes those that it comes to first.
  it.each([
    [false, 3 + 4 + 2 + 4],
    [true, 2 + 4 + 1 + 3],
  ])('behind a shorter sequence, backwards %s, %i steps count', async (goBackwards, steps) => {
    const model = modelOf(() => [
      masking(),
      layers.conv1d({ filters: 3, kernelSize: 2 }),
      layers.lstm({ ...named, goBackwards }),
    ])
    const samples = { xs: padded(5), ys: [0, 1, 0, 1] }
    const found = await statisticOf(model, 'inputNorm', { names: ['it/bias'], samples })
    expect(found['it/bias']!.values[0]).toBeCloseTo(Math.sqrt(steps), 5)
  })

  it.each([taylor(), wanda(), averagePercentageOfZeros(), layerwiseObs({ damping: 0.01 })])(
    'computeMask gives the same mask however long the padding is, with criterion %#',
    async (criterion) => {
      const build = () => [masking(), relu(), layers.simpleRNN({ ...cells, activation: 'relu' })]
      const masks = []
      for (const length of [5, 40]) {
        const samples = { xs: padded(length), ys: [0, 1, 0, 1] }
        const select = { include: 'it' }
        const granularity = criterion.needs!.includes('zeroShare') ? units() : elements()
        const options = { density: 0.5, criterion, samples, select, granularity }
        const mask = await computeMask(modelOf(build), options)
        masks.push(mask.weights[0]!.values.join(''))
      }
      expect(masks[1]).toBe(masks[0])
      expect(masks[0]).toMatch(/01|10/)
    },
  )

  it('gradients are those of the sequences one by one', async () => {
    const model = modelOf(() => [masking(), relu(), summary()])
    const names = ['it/kernel', 'out/kernel']
    const all = await statisticOf(model, 'gradient', {
      names,
      samples: { xs: padded(9), ys: [0, 1, 0, 1] },
    })
    for (const name of names) {
      const sums: number[] = []
      for (const [i, xs] of sequences().entries()) {
        const alone = await statisticOf(model, 'gradient', { names, samples: { xs, ys: [i % 2] } })
        alone[name]!.values.forEach((value, at) => {
          sums[at] = (sums[at] ?? 0) + value / 4
        })
      }
      expect(largestError(all[name]!.values, sums)).toBeLessThan(1e-5)
    }
  })
})

describe('padded words', () => {
  const words = [
    [3, 1, 0, 0, 0],
    [1, 1, 2, 4, 1],
    [2, 0, 0, 0, 0],
  ]

  function readerOf(build: () => Layers): LayersModel {
    const model = sequential()
    model.add(layers.embedding({ inputDim: 6, outputDim: 2, maskZero: true, name: 'words' }))
    for (const layer of build()) model.add(layer)
    model.add(layers.dense({ units: 2, name: 'out' }))
    model.build([null, null])
    return fillWeights(model)
  }

  it.each([
    ['nothing', () => []],
    ['a LeakyReLU', () => [layers.leakyReLU()]],
    ['a PReLU', () => [layers.prelu({ sharedAxes: [1] })]],
  ])(
    'inputNorm of an embedding that masks zeros, with %s behind, counts the other words',
    async (_, build) => {
      const model = readerOf(() => [...build(), summary()])
      const samples = { xs: tensor2d(words), ys: [0, 1, 0], batchSize: 2 }
      const found = await statisticOf(model, 'inputNorm', { names: ['words/embeddings'], samples })
      const counts = [0, 4, 2, 1, 1, 0].map(Math.sqrt)
      expect(largestError(found['words/embeddings']!.values, counts)).toBeLessThan(1e-6)
    },
  )

  it('inputProducts behind it are those of the words that are read', async () => {
    const model = readerOf(() => [relu(), summary()])
    const table = await model.layers[0]!.getWeights()[0]!.array()
    const read = words.flat().filter((word) => word > 0)
    const rows = read.map((word) => (table as number[][])[word]!)
    const products = [0, 1].flatMap((i) =>
      [0, 1].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / rows.length),
    )
    const samples = { xs: tensor2d(words), ys: [0, 1, 0], batchSize: 2 }
    const found = await statisticOf(model, 'inputProducts', { names: ['it/kernel'], samples })
    expect(largestError(found['it/kernel']!.values, products)).toBeLessThan(1e-6)
  })

  it('a word of padding does not turn a mask around', async () => {
    const scores = []
    for (const length of [2, 60]) {
      const model = readerOf(() => [
        layers.dense({ units: 1, useBias: false, name: 'it' }),
        summary(),
      ])
      model.layers[0]!.setWeights([
        tensor2d([
          [9, 0],
          [1, 2],
          [1, 2],
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
      ])
      model.layers[1]!.setWeights([tensor2d([[1], [1]])])
      const row = [1, 2, ...Array(length - 2).fill(0)]
      const { weights } = await computeMask(model, {
        density: 0.5,
        criterion: wanda({ compare: 'layer' }),
        samples: { xs: tensor2d([row, row]), ys: [0, 1] },
        select: { include: 'it' },
      })
      scores.push([...weights[0]!.values])
    }
    expect(scores).toEqual([
      [0, 1],
      [0, 1],
    ])
  })
})

describe('graphs with masks', () => {
  const two = () => [input({ shape: [null, 2] }), input({ shape: [null, 2] })]
  const norms = async (model: LayersModel, xs: Tensor[], name = 'it/kernel') =>
    (await statisticOf(model, 'inputNorm', { names: [name], samples: { xs, ys: [0, 1, 0, 1] } }))[
      name
    ]!.values

  it('a Dense on a second input without padding counts all its steps', async () => {
    const [text, series] = two() as [SymbolicTensor, SymbolicTensor]
    const read = summary().apply(masking().apply(text)) as SymbolicTensor
    const kernel = layers.dense({ units: 3, name: 'it' })
    const seen = layers.globalMaxPooling1d().apply(kernel.apply(series)) as SymbolicTensor
    const both = layers.concatenate().apply([read, seen]) as SymbolicTensor
    const outputs = layers.dense({ units: 2 }).apply(both) as SymbolicTensor
    const model = fillWeights(defineModel({ inputs: [text, series], outputs }))
    const ones = fill([4, 5, 2], 1)
    expect(
      largestError(await norms(model, [padded(5), ones]), Array(2).fill(Math.sqrt(20))),
    ).toBeLessThan(1e-6)
  })

  it.each(['add', 'average', 'maximum'] as const)(
    'a Dense behind %s of two masked sequences counts the steps of the first',
    async (merge) => {
      const [one, other] = two() as [SymbolicTensor, SymbolicTensor]
      const parts = [masking().apply(one), masking().apply(other)] as SymbolicTensor[]
      const merged = layers[merge]().apply(parts)
      const dense = layers.dense({ units: 3, name: 'it' }).apply(merged) as SymbolicTensor
      const pooled = layers.globalMaxPooling1d().apply(dense) as SymbolicTensor
      const outputs = layers.dense({ units: 2 }).apply(pooled) as SymbolicTensor
      const model = fillWeights(defineModel({ inputs: [one, other], outputs }))
      const found = await norms(model, [padded(9), padded(9)], 'it/bias')
      expect(found[0]).toBeCloseTo(Math.sqrt(14), 6)
    },
  )

  it('a branch of which the model masks steps is observed so without the others', async () => {
    const [text, series] = two() as [SymbolicTensor, SymbolicTensor]
    const read = summary().apply(layers.dense({ units: 2 }).apply(masking().apply(text)))
    const seen = relu().apply(summary().apply(series))
    const both = layers.concatenate().apply([seen, read] as SymbolicTensor[])
    const outputs = layers.dense({ units: 2 }).apply(both) as SymbolicTensor
    const model = fillWeights(defineModel({ inputs: [text, series], outputs }))
    const [short, numbers] = [randomNormal([4, 2, 2]), randomNormal([4, 5, 2])]
    const found = await norms(model, [pad(short, 5), numbers])
    const expected = await norms(model, [short, slice(numbers, [0, 0, 0], [4, 2, 2])])
    expect(largestError(found, expected)).toBeLessThan(1e-5)
  })

  it('a Dense behind a state counts each sample once', async () => {
    const steps = input({ shape: [null, 2] })
    const lstm = layers.lstm({ ...cells, returnSequences: true, returnState: true })
    const [, state] = lstm.apply(masking().apply(steps)) as SymbolicTensor[]
    const outputs = layers.dense({ units: 2, name: 'it' }).apply(state!) as SymbolicTensor
    const model = fillWeights(defineModel({ inputs: steps, outputs }))
    expect((await norms(model, [padded(5)], 'it/bias'))[0]).toBeCloseTo(2, 6)
  })

  it('leaves no tensors', async () => {
    const model = modelOf(() => [masking(), layers.timeDistributed({ layer: relu() }), summary()])
    const samples = { xs: padded(), ys: [0, 1, 0, 1] }
    await statisticOf(model, 'zeroShare', { names: [kernelOf(model, 'it')], samples })
    await expect(() =>
      statisticOf(model, 'zeroShare', { names: [kernelOf(model, 'it')], samples }),
    ).toLeaveNoTensors()
  })
})

it.each(['sum', 'ave', 'mul', 'concat', null] as const)(
  'zeroShare refuses the directions of a Bidirectional that puts out %s',
  async (mergeMode) => {
    const lstm = layers.simpleRNN({ ...cells, activation: 'relu' })
    const both = layers.bidirectional({ layer: lstm, mergeMode: mergeMode as 'sum' })
    const inputs = input({ shape: [3, 2] })
    const outputs = both.apply(inputs) as SymbolicTensor | SymbolicTensor[]
    const joined = Array.isArray(outputs) ? layers.add().apply(outputs) : outputs
    const model = defineModel({ inputs, outputs: joined as SymbolicTensor })
    const samples = { xs: randomNormal([4, 3, 2]), ys: [0, 1, 0, 1] }
    const criterion = averagePercentageOfZeros()
    expect(
      await lateRefusalOf(() => computeMask(model, { density: 0.5, criterion, samples })),
    ).toMatch(
      /^RangeError: Cannot gather zeroShare of .*: expected a layer whose outputs are those of the weight, got those of both directions$/,
    )
    samples.xs.dispose()
    model.dispose()
  },
)
