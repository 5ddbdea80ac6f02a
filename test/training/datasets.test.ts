import { data as tfData } from '@tensorflow/tfjs'
import {
  mean,
  memory,
  reshape,
  type Scalar,
  slice,
  square,
  sub,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  train,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import {
  computeMask,
  type DatasetData,
  evaluateOn,
  fit,
  forClasses,
  type Loss,
  reEstimateBatchNorm,
  type TrainingResult,
  taylor,
  wanda,
  weightedCrossentropy,
} from 'tfjs-prune'
import { asymmetric } from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { disposeBatch, readDataset } from '../../src/training/read-dataset.js'
import { weightBits } from '../prune/support.js'
import { dataTakers, goodLabels, goodRows, takersModel } from '../support/data-takers.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { contextOf } from './context.js'

/** The good samples as `tf.data` gives them. */
const zipped = (size: number) =>
  tfData
    .zip({
      xs: tfData.array(goodRows.map((row) => [...row])),
      ys: tfData.array([...goodLabels]),
    })
    .batch(size)

/** A dataset of elements made anew in each reading; its size is not known. */
const madeOf = (make: () => unknown[]): DatasetData => ({
  iterator: async () => {
    const rest = make()
    return { next: async () => ({ done: rest.length === 0, value: rest.shift() as never }) }
  },
})

const mapped = Object.keys(dataTakers).filter((name) => name !== 'withTeacher')
const memoryLike = mapped.filter((name) => !['fit', 'reEstimateBatchNorm'].includes(name))

async function resultOf(name: string, data: unknown): Promise<unknown> {
  const model = takersModel()
  const before = memory().numTensors
  try {
    return await dataTakers[name]!(data as never, model)
  } finally {
    expect(memory().numTensors).toBe(before)
    model.dispose()
  }
}

const samples = () => ({ xs: goodRows.map((row) => [...row]), ys: [...goodLabels] })

describe('datasets', () => {
  test.each(memoryLike)('%s gives the same, to the last bit, for one batch', async (name) => {
    expect(await resultOf(name, zipped(10))).toEqual(await resultOf(name, samples()))
  })

  test.each([1, 3, 4])('evaluateOn gives the same for batches of %i', async (size) => {
    expect(await resultOf('evaluateOn', zipped(size))).toEqual(
      await resultOf('evaluateOn', samples()),
    )
    expect(await resultOf('certify', zipped(size))).toEqual(await resultOf('certify', samples()))
  })

  test.each([
    ['wanda', wanda()],
    ['taylor', taylor()],
  ])('computeMask by %s gives the same for the same batches', async (_name, criterion) => {
    const model = takersModel()
    const maskOf = async (given: object) =>
      (await computeMask(model, { density: 0.3, criterion, samples: given as never })).weights
    expect(await maskOf(zipped(4))).toEqual(await maskOf({ ...samples(), batchSize: 4 }))
    model.dispose()
  })

  test('statistics of a class come from its samples in each batch', async () => {
    const model = takersModel()
    const only = forClasses(wanda(), { 1: 1 })
    const maskOf = async (given: object, criterion = only) =>
      (await computeMask(model, { density: 0.3, criterion, samples: given as never })).weights
    const positives = goodRows.filter((_, i) => goodLabels[i] === 1)
    const ys = positives.map(() => 1)
    expect(await maskOf(zipped(3))).toEqual(await maskOf(samples()))
    expect(await maskOf(zipped(3))).toEqual(await maskOf({ xs: positives, ys }, wanda()))
    model.dispose()
  })

  test('reEstimateBatchNorm reads the inputs of a dataset, with labels or without', async () => {
    const shown = async (given: object) => {
      const model = takersModel()
      expect(await reEstimateBatchNorm(model, given as never)).toBe(1)
      const values = model.getLayer('norm').getWeights().slice(2)
      const all = values.flatMap((one) => [...one.dataSync()])
      model.dispose()
      return all
    }
    const wanted = await shown({ xs: goodRows })
    const unlabelled = madeOf(() => [{ xs: tensor2d(goodRows) }])
    for (const given of [zipped(10), unlabelled]) {
      for (const [i, value] of (await shown(given)).entries())
        expect(value).toBeCloseTo(wanted[i]!, 5)
    }
  })

  test('computeMask refuses a misspelt option beside the iterator', async () => {
    const iterator = () => zipped(5).iterator()
    const model = takersModel()
    const samples = { iterator, lable: 1 } as never
    expect(
      await lateRefusalOf(() => computeMask(model, { density: 0.5, criterion: wanda(), samples })),
    ).toBe(
      'TypeError: Cannot gather statistics: expected iterator, size, loss, label, batchSize as samples of a dataset, got lable: did you mean label?',
    )
    model.dispose()
  })

  test('computeMask takes a loss beside the iterator', async () => {
    const model = takersModel()
    const own: Loss = (ys, outputs) =>
      mean(square(sub(slice(outputs, [0, 1], [-1, 1]), reshape(ys, [-1, 1])))) as Scalar
    const given = zipped(10)
    const options = { density: 0.3, criterion: taylor() }
    const byDataset = { iterator: () => given.iterator(), loss: own }
    const [a, b, c] = [
      await computeMask(model, { ...options, samples: byDataset }),
      await computeMask(model, { ...options, samples: { ...samples(), loss: own } }),
      await computeMask(model, { ...options, samples: samples() }),
    ]
    expect(a.weights).toEqual(b.weights)
    expect(a.weights).not.toEqual(c.weights)
    model.dispose()
  })
})

/** Two inputs of different sizes. */
function twoInputs(): LayersModel {
  const [img, meta] = [input({ shape: [3], name: 'img' }), input({ shape: [1], name: 'meta' })]
  const both = layers.concatenate().apply([img, meta]) as typeof img
  const hidden = layers.dense({ units: 4, activation: 'tanh' }).apply(both) as typeof img
  const out = layers.dense({ units: 2 }).apply(hidden) as typeof img
  return fillWeights(modelOf({ inputs: [img, meta], outputs: out }))
}

const metas = goodRows.map((_, i) => [Math.cos(i)])
const named = (names: readonly string[] = ['meta', 'img'], size = 5) => {
  const parts: Record<string, unknown> = {
    img: goodRows,
    meta: metas,
    image: goodRows,
    size: metas,
  }
  const inputs = names.map((name) => [name, tfData.array(parts[name] as number[][])] as const)
  return tfData
    .zip({ xs: Object.fromEntries(inputs), ys: tfData.array([...goodLabels]) } as never)
    .batch(size)
}

describe('inputs by name', () => {
  const options = { optimizer: () => train.sgd(0.1), epochs: 2 }
  const fitted = async (data: unknown, more: object = {}) => {
    const model = twoInputs()
    await fit(data as never, { ...options, ...more })(contextOf(model))
    const bits = weightBits(model)
    model.dispose()
    return Object.values(bits)
  }

  test('fit, evaluateOn and computeMask find the inputs by name, in any order', async () => {
    const lists = madeOf(() =>
      [0, 5].map((start) =>
        tidy(() => ({
          xs: [tensor2d(goodRows), tensor2d(metas)].map((one) => slice(one, start, 5)),
          ys: slice(tensor1d(goodLabels), start, 5),
        })),
      ),
    )
    expect(await fitted(named())).toEqual(await fitted(lists))
    expect(await fitted(named(['img', 'meta']))).toEqual(await fitted(lists))
    const [img, meta] = [tensor2d(goodRows), tensor2d(metas)]
    const ys = goodLabels
    const inMemory = await fitted({ xs: [img, meta], ys })
    expect(await fitted({ xs: { meta, img }, ys })).toEqual(inMemory)
    expect(await fitted({ xs: { meta: metas, img }, ys })).toEqual(inMemory)
    const model = twoInputs()
    const evaluated = (data: unknown) => evaluateOn(data as never, { positiveClass: 1 })(model)
    expect(await evaluated(named())).toEqual(await evaluated({ xs: [img, meta], ys }))
    const maskOf = (given: unknown) =>
      computeMask(model, { density: 0.5, criterion: taylor(), samples: given as never })
    expect((await maskOf(named(undefined, 10))).weights).toEqual(
      (await maskOf({ xs: [img, meta], ys })).weights,
    )
    for (const one of [model, img, meta]) one.dispose()
  })

  test.each<[string[], string]>([
    [['img', 'meta', 'size'], 'size: did you mean img?'],
    [['image', 'meta'], 'image: did you mean img?'],
    [['img'], 'no meta'],
  ])('inputs named %j are refused', async (names, got) => {
    const before = memory().numTensors
    const wanted = `expected inputs in xs by the model's names img, meta, got ${got}`
    expect(await lateRefusalOf(() => fitted(named(names)))).toBe(
      `TypeError: Cannot train: ${wanted}`.replace('size: did you mean img?', 'size'),
    )
    expect(memory().numTensors).toBeLessThanOrEqual(before + 4)
  })
})

describe('what is no dataset of batches', () => {
  const xs = () => tensor2d(goodRows)
  const ys = () => tensor1d(goodLabels)
  const wanted = 'expected a dataset of batches { xs, ys } of tensors, got'
  const cases: readonly [string, () => unknown, string][] = [
    ['a list', () => [xs(), ys()], `${wanted} a list: map it to { xs, ys }`],
    ['no xs', () => ({ ys: ys() }), `${wanted} undefined as xs`],
    ['arrays', () => ({ xs: goodRows, ys: ys() }), `${wanted} a list as xs`],
    [
      'single samples',
      () => tidy(() => ({ xs: xs(), ys: reshape(tensor1d([1]), []) })),
      `${wanted} a scalar as ys: batch(n) of tf.data makes batches`,
    ],
    [
      'weights',
      () => ({ xs: xs(), ys: ys(), sampleWeight: ys() }),
      'expected { xs, ys } and nothing else as data, got sampleWeight: give the loss class weights, or draw samples more often by batches of fit',
    ],
    [
      'fewer labels',
      () => tidy(() => ({ xs: xs(), ys: slice(ys(), 0, 9) })),
      'expected batches of as many labels as inputs, at least one, got 9 for 10',
    ],
    [
      'another shape',
      () => ({ xs: tensor2d([[1, 2]]), ys: tensor1d([1]) }),
      'expected xs of shape [n, 3] for hidden_input, got [1, 2]',
    ],
    [
      'NaN',
      () => ({ xs: tensor2d([[1, 2, Number.NaN]]), ys: tensor1d([1]) }),
      'expected finite numbers in xs, all rows of one shape, got NaN in row 10',
    ],
  ]

  describe.each(mapped)('%s', (name) => {
    test.each(cases)('refuses %s', async (_what, make, message) => {
      const before = memory().numTensors
      const batches = madeOf(() => [{ xs: xs(), ys: ys() }, make()])
      const said = await lateRefusalOf(() => resultOf(name, batches))
      expect(said.replace(/^\w+: Cannot [^:]+: /, '')).toBe(message)
      expect(memory().numTensors).toBe(before)
    })

    test('refuses an endless dataset, and one without batches', async () => {
      expect(await lateRefusalOf(() => resultOf(name, zipped(5).repeat()))).toContain(
        'expected a dataset that ends (after at most 100000 batches, or its own size), got an endless one: end it by take(n) of tf.data, or tell fit its stepsPerEpoch',
      )
      expect(
        await lateRefusalOf(() =>
          resultOf(
            name,
            madeOf(() => []),
          ),
        ),
      ).toMatch(/expected at least (one batch|one sample|1 batches in epoch 0), got (none|0)/)
    })

    test('refuses a dataset whose tensors are gone', async () => {
      const [a, b] = [xs(), ys()]
      for (const one of [a, b]) one.dispose()
      expect(
        await lateRefusalOf(() =>
          resultOf(
            name,
            madeOf(() => [{ xs: a, ys: b }]),
          ),
        ),
      ).toContain(
        `${wanted} disposed xs: they are disposed after use, so each reading makes new ones`,
      )
    })
  })

  test('fit, evaluateOn, computeMask and reEstimateBatchNorm refuse batchSize beside a dataset', async () => {
    const model = takersModel()
    const given = zipped(5)
    expect(refusalOf(() => evaluateOn(given, { positiveClass: 1, batchSize: 4 }))).toBe(
      'RangeError: Cannot evaluate: expected batchSize for arrays only, got a dataset',
    )
    const batched = { iterator: () => given.iterator(), batchSize: 4 }
    const run = () => computeMask(model, { density: 0.5, criterion: wanda(), samples: batched })
    expect(await lateRefusalOf(run)).toBe(
      'RangeError: Cannot gather statistics: expected batchSize for arrays only, got a dataset',
    )
    expect(await lateRefusalOf(() => reEstimateBatchNorm(model, given, { seed: 1 }))).toBe(
      'RangeError: Cannot re-estimate batch norm: expected batchSize and seed for arrays only, got a dataset',
    )
    model.dispose()
  })

  test('withTeacher asks for data in memory', async () => {
    expect(await lateRefusalOf(() => resultOf('withTeacher', zipped(5)))).toBe(
      'TypeError: Cannot add a teacher: expected data in memory as { xs, ys }, got a dataset',
    )
  })

  test.each(['computeMask by wanda', 'certify'])('%s refuses samples that change', async (name) => {
    let readings = 0
    const changing = madeOf(() => {
      const more = readings++ > 0 ? [[0, 0, 0]] : []
      const labels = [...goodLabels, ...more.map(() => 0)]
      return [{ xs: tensor2d([...goodRows, ...more]), ys: tensor1d(labels) }]
    })
    expect(await lateRefusalOf(() => resultOf(name, changing))).toMatch(
      /expected a dataset that gives the same samples in each reading/,
    )
  })
})

describe('stepsPerEpoch', () => {
  /** Batches 0, 1, ... of two samples each, and the numbers of those that were trained on. */
  function numbered(count: number, size?: number) {
    const seen: number[] = []
    const loss: Loss = (labels, outputs) => {
      seen.push(labels.dataSync()[0]!)
      return mean(square(outputs)) as Scalar
    }
    const batches = tfData.generator(function* () {
      for (let i = 0; i < count; i++)
        yield {
          xs: tensor2d([
            [i, 1, 0],
            [0, i, 1],
          ]),
          ys: tensor1d([i, i]),
        }
    } as never)
    const dataset = { iterator: () => batches.iterator(), ...(size && { size }) }
    return { dataset: dataset as DatasetData, loss, seen }
  }

  async function trained(count: number, context: object = {}, size?: number) {
    const { dataset, loss, seen } = numbered(count, size)
    const model = takersModel()
    const before = memory().numTensors
    const options = { optimizer: () => train.sgd(0.01), epochs: 3, stepsPerEpoch: 3, loss }
    await fit(dataset, options)(contextOf(model, context))
    expect(memory().numTensors).toBe(before)
    model.dispose()
    return seen
  }

  test('an epoch goes on where the last one ended, and a dataset that ends begins anew', async () => {
    expect(await trained(1000)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(await trained(1e9, {}, Number.POSITIVE_INFINITY)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(await trained(4)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0])
    expect(await trained(1)).toEqual(Array.from({ length: 9 }, () => 0))
  })

  test('a round that resumes reads the batches of its epochs', async () => {
    const resumeAt = { epoch: 1, step: 3, batch: 0 }
    expect(await trained(1000, { resumeAt })).toEqual([3, 4, 5, 6, 7, 8])
    expect(await trained(4, { resumeAt })).toEqual([3, 0, 1, 2, 3, 0])
    expect(await trained(1000, { resumeAt: { epoch: 1, step: 5, batch: 2 } })).toEqual([5, 6, 7, 8])
    const context = { round: 1, dataOrder: 'continued' as const }
    expect(await trained(1000, context)).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17])
  })

  /** Two batches an epoch: the positives come in the last batch, with the label given. */
  const late = (last: number) =>
    madeOf(() =>
      [0, 0, last].map((label) => ({
        xs: tensor2d([
          [label, 1, 0],
          [0, label, 1],
        ]),
        ys: tensor1d([0, label]),
      })),
    )

  test('the labels of each batch are checked, and a portion may lack the positive class', async () => {
    const loss = weightedCrossentropy({ weights: [1, 2] })
    const model = takersModel()
    const run = async (last: number) =>
      fit(late(last), { optimizer: () => train.sgd(0.01), epochs: 2, stepsPerEpoch: 2, loss })(
        contextOf(model),
      )
    expect(await lateRefusalOf(() => run(5))).toMatch(
      /^RangeError: Cannot train: expected class indices below 2 as labels, got 5 for sample 5/,
    )
    const { loss: after } = (await run(1)) as TrainingResult
    expect(after).toBeGreaterThan(0)
    const positives = { ...{ epochs: 2, stepsPerEpoch: 2 }, loss: asymmetric({ positiveClass: 1 }) }
    await fit(late(1), { ...positives, optimizer: () => train.sgd(0.01) })(contextOf(model))
    model.dispose()
  })

  test('fit refuses it beside arrays, and where no batch comes', async () => {
    const options = { optimizer: () => train.sgd(0.01), epochs: 1, stepsPerEpoch: 3 }
    expect(refusalOf(() => fit(samples(), options))).toBe(
      'RangeError: Cannot train: expected stepsPerEpoch for a dataset only, got arrays',
    )
    expect(refusalOf(() => fit(zipped(5), { ...options, stepsPerEpoch: 0 }))).toBe(
      'RangeError: Cannot train: expected stepsPerEpoch to be a whole number of at least 1, got 0',
    )
    expect(await lateRefusalOf(() => trained(0))).toBe(
      'RangeError: Cannot train: expected at least one batch, got none',
    )
  })
})

test('labels of batches of other dtypes are those of each batch', async () => {
  const batches = (label: number) =>
    madeOf(() => [
      { xs: tensor2d([[1, 2, 0]]), ys: tensor1d([0], 'int32') },
      { xs: tensor2d([[0, 1, 0]]), ys: tensor1d([label]) },
    ])
  const model = takersModel()
  const measured = async (label: number) =>
    (await evaluateOn(batches(label), { positiveClass: 1 })(model)).labels
  expect(await measured(1)).toEqual(Int32Array.of(0, 1))
  expect(await lateRefusalOf(() => measured(1.7))).toContain(
    'expected class indices as labels, got 1.7',
  )
  model.dispose()
})

test.each([
  [
    'of rank 3',
    () => tensor3d([[[1]], [[0]]]),
    'labels of shape [n] or [n, classes], got [2, 1, 1]',
  ],
  ['of words', () => tensor1d(['1', '0']), 'numbers as labels, got a tensor of dtype string'],
])('labels %s are refused in a dataset too', async (_what, ys, message) => {
  const xs = () =>
    tensor2d([
      [1, 2, 0],
      [0, 1, 0],
    ])
  for (const name of mapped.filter((one) => one !== 'reEstimateBatchNorm')) {
    const batches = madeOf(() => [{ xs: xs(), ys: ys() }])
    expect(await lateRefusalOf(() => resultOf(name, batches))).toContain(`expected ${message}`)
  }
})

test('a model with two outputs is refused as it is for arrays', async () => {
  const inputs = input({ shape: [3] })
  const heads = ['a', 'b'].map((name) => layers.dense({ name, units: 2 }).apply(inputs))
  const two = modelOf({ inputs, outputs: heads as SymbolicTensor[] })
  const evaluate = evaluateOn(zipped(5), { positiveClass: 1 })
  const message = 'TypeError: Cannot evaluate: expected a model with one output, got 2'
  expect(await lateRefusalOf(() => Promise.resolve(evaluate(two)))).toBe(message)
  expect(await lateRefusalOf(() => Promise.resolve(evaluate.check!(two)))).toBe(message)
  two.dispose()
})

test('a dataset of no known size is refused after 100,000 batches, one that tells it is not', async () => {
  const [xs, ys] = [tensor2d([[1, 2, 3]]), tensor1d([1])]
  let batches = 0
  const next = async () => {
    return { done: batches++ > 100_001, value: { xs: xs.clone(), ys: ys.clone() } }
  }
  const endless: DatasetData = { iterator: async () => ({ next }) }
  const model = takersModel()
  const reading = { model, task: 'read', known: true }
  const read = async (given: DatasetData) => {
    batches = 0
    for await (const batch of readDataset(given, reading)) disposeBatch(batch)
  }
  expect(await lateRefusalOf(() => read(endless))).toMatch(/got more than 100000: end it by take/)
  expect(batches).toBe(100_001)
  await read({ ...endless, size: 100_002 })
  expect(batches).toBe(100_003)
  for (const one of [xs, ys, model]) one.dispose()
})
