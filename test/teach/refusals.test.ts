import { losses, reshape, type Scalar, type Tensor, train } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import {
  denseTeacher,
  type FitOptions,
  fit,
  magnitude,
  modelTeacher,
  type PruneOptions,
  prune,
  type TrainingData,
} from 'tfjs-prune'
import { expect, test } from 'vitest'
import { weightBits } from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { datasetOf, network, samplesOf } from './support.js'

const binary = [0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1]
const evaluate = () => ({ nothing: 0 })

/** The refusal of a run; the model is as it was. */
async function refusal(
  model: LayersModel,
  teach: unknown,
  { data = samplesOf(binary), ...options }: Partial<FitOptions> & { data?: TrainingData } = {},
) {
  const before = weightBits(model)
  const run = fit(data, { optimizer: () => train.sgd(0.1), epochs: 1, ...options })
  const message = await lateRefusalOf(() =>
    prune(model, { train: run, evaluate, schedule: [1, 0.5], teach } as unknown as PruneOptions),
  )
  expect(weightBits(model)).toEqual(before)
  return message
}

const ending = (activation: 'relu' | 'tanh' | 'sigmoid', units = 1) =>
  sequential({ layers: [layers.dense({ units, activation, inputShape: [3], name: 'last' })] })
const recurrent = { units: 2, stateful: true, recurrentInitializer: 'glorotNormal' } as const
const two = () => network(2, 'linear')
const meanSquares = (y: Tensor, z: Tensor) =>
  losses.meanSquaredError(reshape(y, z.shape), z) as Scalar

test.each<[string, object, string]>([
  [
    'a weight above 1',
    { weight: 2 },
    'RangeError: Cannot teach: expected weight to be a number in [0, 1], got 2',
  ],
  ['a weight in words', { weight: 'half' }, 'TypeError: Cannot teach: expected weight'],
  [
    'a temperature of 0',
    { temperature: 0 },
    'RangeError: Cannot teach: expected temperature to be a finite number above 0, got 0',
  ],
  ['a typo', { temprature: 2 }, 'got temprature: did you mean temperature?'],
  [
    'another output',
    { output: 'scores' },
    "RangeError: Cannot teach: expected output to be 'auto' or 'logits' or 'probabilities', got \"scores\"",
  ],
  [
    'perLabel in words',
    { perLabel: 'yes' },
    'TypeError: Cannot teach: expected perLabel to be true or false, got "yes"',
  ],
])('denseTeacher and modelTeacher refuse %s', (_name, options, message) => {
  expect(refusalOf(() => denseTeacher(options))).toContain(message)
  expect(refusalOf(() => modelTeacher(two(), options))).toContain(message)
})

test('modelTeacher refuses what is no model', () => {
  expect(refusalOf(() => modelTeacher('path' as never))).toContain(
    'TypeError: Cannot teach: expected a LayersModel, got "path": load its model',
  )
})

test.each<[string, unknown, string]>([
  ['true', true, ', such as denseTeacher(), got boolean'],
  [
    'a factory',
    denseTeacher,
    ', got a factory: denseTeacher is a function that makes a teacher: call it, denseTeacher()',
  ],
  ['options', { weight: 0.5 }, ', such as denseTeacher(), got an object without open'],
])('prune refuses to teach with %s before training', async (_name, teach, message) => {
  expect(await refusal(two(), teach)).toBe(
    `TypeError: Cannot prune: expected teach to be a teacher${message}`,
  )
})

test.each<[string, () => LayersModel, string]>([
  [
    'a teacher of more classes',
    () => network(3, 'linear'),
    'RangeError: Cannot teach: expected a teacher with outputs of shape [n, 2] as the model has, got [n, 3]',
  ],
  [
    'a teacher of other inputs',
    () => sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] }),
    'RangeError: Cannot teach: expected a teacher with inputs of shape [n, 3] as the model has, got [n, 4]',
  ],
  [
    'a teacher with a fixed batch',
    () => sequential({ layers: [layers.dense({ units: 2, batchInputShape: [4, 3] })] }),
    'RangeError: Cannot teach: expected a teacher with inputs of shape [n, 3] as the model has, got [4, 3]',
  ],
])('prune refuses to teach by %s before training', async (_name, make, message) => {
  expect(await refusal(two(), modelTeacher(make()))).toContain(message)
})

test('prune refuses the model itself as another teacher, and a stateful one', async () => {
  const model = two()
  expect(await refusal(model, modelTeacher(model))).toBe(
    'RangeError: Cannot teach: expected a model with weights of its own, got one with weights that are trained or pruned',
  )
  const stateful = sequential({
    layers: [layers.simpleRNN({ ...recurrent, batchInputShape: [4, 3, 1] })],
  })
  expect(await refusal(two(), modelTeacher(stateful))).toBe(
    'RangeError: Cannot teach: expected a teacher without states, got a stateful one',
  )
})

test('prune refuses a teacher with a frozen base that the run prunes; else two heads may share it', async () => {
  const base = layers.dense({ units: 4, name: 'base', inputShape: [3], trainable: false })
  const x = input({ shape: [3] })
  const shared = base.apply(x) as SymbolicTensor
  const [model, teacher] = ['own', 'others'].map((name) => {
    const outputs = layers.dense({ units: 2, name }).apply(shared) as SymbolicTensor
    return modelOf({ inputs: x, outputs })
  }) as [LayersModel, LayersModel]
  const before = weightBits(teacher)
  const data = samplesOf(binary)
  const run = {
    train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 }),
    ...{ evaluate, schedule: [1, 0.5], criterion: magnitude(), teach: modelTeacher(teacher) },
  }
  expect(await lateRefusalOf(() => prune(model, { ...run, select: { frozen: true } }))).toBe(
    'RangeError: Cannot teach: expected a model with weights of its own, got one with weights that are trained or pruned',
  )
  expect((await prune(model, run)).rounds).toHaveLength(2)
  expect(weightBits(teacher)).toEqual(before)
})

test('prune refuses to teach a model that is no classifier, by name, before training', async () => {
  const cannot = 'RangeError: Cannot teach: expected'
  const loss = meanSquares
  expect(await refusal(ending('relu'), denseTeacher(), { loss })).toBe(
    `${cannot} a model that tells its output, got one that ends in a score that is never negative: say output: 'logits' or 'probabilities' in teach`,
  )
  expect(await refusal(ending('tanh'), denseTeacher(), { loss })).toContain('a score from -1 to 1')
  expect(await refusal(ending('sigmoid', 2), denseTeacher(), { loss })).toBe(
    `${cannot} a model that tells its output, got one that ends in 2 sigmoids, which are no choice among 2 classes: give perLabel: true, or say output: 'logits' or 'probabilities' in teach`,
  )
  const image = sequential({
    layers: [layers.reshape({ targetShape: [3, 1], inputShape: [3] }), layers.dense({ units: 1 })],
  })
  expect(await refusal(image, denseTeacher(), { loss })).toBe(
    `${cannot} outputs of shape [n] or [n, classes], got [n, 3, 1]`,
  )
  const numbers = samplesOf(binary.map((label) => 3.5 * label))
  expect(await refusal(network(1, 'linear'), denseTeacher(), { loss, data: numbers })).toBe(
    `${cannot} class indices below 2 as labels, got 3.5 for sample 1`,
  )
  const own = await lateRefusalOf(() =>
    prune(ending('relu'), { train: () => {}, evaluate, schedule: [1, 0.5], teach: denseTeacher() }),
  )
  expect(own).toContain("say output: 'logits' or 'probabilities' in teach")
})

test('prune teaches where the caller says the output, and takes labels as they are then', async () => {
  const numbers = samplesOf(binary.map((label) => 3.5 * label))
  const train1 = fit(numbers, { optimizer: () => train.sgd(0.01), epochs: 1, loss: meanSquares })
  const options = {
    train: train1,
    evaluate,
    schedule: [1, 0.5],
    teach: denseTeacher({ output: 'logits' }),
  } as const
  expect((await prune(network(1, 'linear'), options)).rounds.length).toBe(2)
})

test('prune refuses to teach a stateful model from a dataset', async () => {
  const model = sequential({
    layers: [
      layers.reshape({ targetShape: [3, 1], batchInputShape: [4, 3] }),
      layers.simpleRNN(recurrent),
    ],
  })
  const data = datasetOf(samplesOf(binary), 4)
  expect(await refusal(model, denseTeacher({ output: 'logits' }), { data })).toBe(
    'RangeError: Cannot teach: expected data in memory for a stateful model, whose batches follow each other, got a dataset',
  )
})
