import {
  memory,
  type Optimizer,
  SGDOptimizer,
  tensor1d,
  tensor2d,
  train,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  classDependent,
  evaluateOn,
  type FitOptions,
  fit,
  type Loss,
  paper,
  prune,
  shuffledBatches,
  stratifiedBatches,
  type TrainingData,
  weightedCrossentropy,
} from 'tfjs-prune'
import { squaredHingeRank, sumOf } from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { quickRun, type Samples, weightBits } from '../prune/support.js'
import { forEachTest } from '../support/for-each-test.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'
import { twoHeads } from './outputs.js'

let data: Samples
let model: LayersModel
forEachTest(20, (...own) => {
  ;[data, model] = own
})

const settings: FitOptions = { optimizer: () => train.sgd(0.01), epochs: 1 }

describe('fit at once', () => {
  const xs = [[1], [2]]
  const dataset: TrainingData = {
    iterator: async () => ({ next: async () => ({ done: true, value: undefined }) }),
  }

  test.each<[unknown, string]>([
    [
      undefined,
      'TypeError: Cannot train: expected data as { xs, ys } or as a dataset, got undefined',
    ],
    [null, 'TypeError: Cannot train: expected data as { xs, ys } or as a dataset, got null'],
    [{ xs: [], ys: [] }, 'RangeError: Cannot train: expected at least one sample, got none'],
    [{ xs, ys: [0] }, 'TypeError: Cannot train: expected as many labels as inputs, 2, got 1'],
    [
      { xs },
      'TypeError: Cannot train: expected ys as a tensor or an array of samples, got undefined',
    ],
    [
      { xs, ys: ['a', 'b'] },
      'TypeError: Cannot train: expected numbers as labels (rows belong in a tensor), got string at index 0',
    ],
  ])('fit rejects data that cannot be right: %#', (wrong, message) => {
    expect(refusalOf(() => fit(wrong as TrainingData, settings))).toBe(message)
  })

  test.each<[object, string]>([
    [{ optimizer: train.sgd }, ''],
    [
      { optimizer: 'adam' },
      'TypeError: Cannot train: expected a function as optimizer, such as () => train.adam(0.001), got "adam"',
    ],
    [
      { epochs: 0 },
      'RangeError: Cannot train: expected epochs to be a whole number of at least 1, got 0',
    ],
    [
      { epochs: 1.5 },
      'RangeError: Cannot train: expected epochs to be a whole number of at least 1, got 1.5',
    ],
    [
      { epochs: '3' },
      'TypeError: Cannot train: expected epochs to be a whole number of at least 1, got "3"',
    ],
    [
      { loss: 'meanSquaredError' },
      'TypeError: Cannot train: expected a loss or a loss schedule, such as paper.black(), got "meanSquaredError"',
    ],
    [
      { loss: null },
      'TypeError: Cannot train: expected a loss or a loss schedule, such as paper.black(), got null',
    ],
    [
      { batchSize: 0 },
      'RangeError: Cannot draw batches: expected batchSize to be a whole number of at least 1, got 0',
    ],
    [{ seed: 0.5 }, 'RangeError: Cannot draw batches: expected a whole number as seed, got 0.5'],
    [{ batches: [] }, 'TypeError: Cannot train: expected a function as batches, got a list'],
    [
      { batches: () => [], seed: 1 },
      'RangeError: Cannot train: expected batches or batchSize and seed, got both',
    ],
    [
      { batches: stratifiedBatches({ labels: [0] }) },
      'RangeError: Cannot train: expected batches of all 2 samples, got those of 1',
    ],
    [
      { batches: shuffledBatches({ sampleCount: 3 }) },
      'RangeError: Cannot train: expected batches of all 2 samples, got those of 3',
    ],
    [
      { learningRate: 0.01 },
      'TypeError: Cannot train: expected a function as learningRate, got 0.01',
    ],
    [
      { clipNorm: 0 },
      'RangeError: Cannot train: expected clipNorm to be a finite number above 0, got 0',
    ],
    [
      { clipNorm: '5' },
      'TypeError: Cannot train: expected clipNorm to be a finite number above 0, got "5"',
    ],
    [
      { best: {} },
      'TypeError: Cannot train: expected a function as best.evaluate, such as evaluateOn(validation, { positiveClass: 1 }), got undefined',
    ],
    [
      { best: null },
      'TypeError: Cannot train: expected { evaluate, metric, direction } as best, got null',
    ],
    [
      { best: { evaluate: () => {}, metric: 'auc' } },
      'TypeError: Cannot train: expected a function as best.metric, got "auc"',
    ],
    [
      { best: { evaluate: () => {}, metric: () => 1, direction: 'max' } },
      "RangeError: Cannot train: expected best.direction to be 'maximise' or 'minimise', got \"max\"",
    ],
  ])('fit rejects options that cannot be right: %#', (options, message) => {
    const tried = refusalOf(() =>
      fit({ xs, ys: [0, 1] }, { ...settings, ...options } as FitOptions),
    )
    expect(tried).toBe(message || 'no error')
  })

  test('fit rejects missing options, and those of arrays for a dataset', () => {
    expect(refusalOf(() => fit({ xs, ys: [0, 1] }, undefined as unknown as FitOptions))).toBe(
      'TypeError: Cannot train: expected an object of options with optimizer and epochs, got undefined',
    )
    expect(refusalOf(() => fit({ xs, ys: [0, 1] }, { epochs: 1 } as FitOptions))).toBe(
      'TypeError: Cannot train: expected a function as optimizer, such as () => train.adam(0.001), got undefined',
    )
    for (const options of [{ batchSize: 2 }, { seed: 1 }, { batches: () => [] }]) {
      expect(refusalOf(() => fit(dataset, { ...settings, ...options }))).toBe(
        'RangeError: Cannot train: expected batchSize, seed and batches for arrays only, got a dataset',
      )
    }
  })
})

/** What `fit` says in its round; no weight may change and no tensor may be left. */
async function lateRefusal(
  from: TrainingData,
  options: object = {},
  of: LayersModel = model,
): Promise<string> {
  const [weights, tensors] = [weightBits(of), memory().numTensors]
  const training = fit(from, { ...settings, ...options } as FitOptions)
  const message = await lateRefusalOf(
    () => training(contextOf(of, { round: 3 })) as Promise<unknown>,
  )
  expect(weightBits(of)).toEqual(weights)
  expect(memory().numTensors).toBe(tensors)
  return message
}

describe('fit in its round, before the first step', () => {
  test.each<[unknown, string]>([
    [
      [0, 1, 2],
      'RangeError: Cannot train: expected class indices below 2 as labels, got 2 for sample 2',
    ],
    [
      [0, 1, -1],
      'RangeError: Cannot train: expected class indices below 2 as labels, got -1 for sample 2',
    ],
    [
      [0, 1, 0.5],
      'RangeError: Cannot train: expected class indices below 2 as labels, got 0.5 for sample 2',
    ],
    [
      [0, 1, Number.NaN],
      'RangeError: Cannot train: expected class indices below 2 as labels, got NaN for sample 2',
    ],
    [[0, 0, 0], 'RangeError: Cannot train: expected a sample of the positive class 1, got none'],
  ])('fit rejects the labels %j of a model with two outputs', async (ys, message) => {
    const xs = [0, 1, 2].map(() => [1, 2, 3, 4, 5, 6])
    expect(await lateRefusal({ xs, ys: ys as number[] })).toBe(message)
    const tensor = tensor1d(ys as number[])
    expect(await lateRefusal({ xs, ys: tensor })).toBe(message)
    tensor.dispose()
  })

  test('fit rejects a preset that was not called', async () => {
    const training = fit(data, { ...settings, loss: paper.black as unknown as Loss })
    expect(await lateRefusalOf(() => training(contextOf(model)) as Promise<unknown>)).toBe(
      'TypeError: Cannot train: expected loss to be a loss, got a factory: it is a function that makes a loss: call it',
    )
    const own = fit(data, { ...settings, loss: (() => paper.black()) as unknown as Loss })
    expect(await lateRefusalOf(() => own(contextOf(model)) as Promise<unknown>)).toBe(
      'TypeError: Cannot train: expected loss to be a loss, got a factory: loss is a function that makes a loss: call it, loss()',
    )
    const factory = fit(data, { ...settings, loss: weightedCrossentropy as unknown as Loss })
    expect(await lateRefusalOf(() => factory(contextOf(model)) as Promise<unknown>)).toBe(
      'TypeError: Cannot train: expected loss to be a loss, got a factory: weightedCrossentropy is a function that makes a loss: call it, weightedCrossentropy()',
    )
  })

  test('fit and evaluateOn reject a model that ends in a softmax if they are told logits', async () => {
    const layer = layers.dense({ units: 2, activation: 'softmax', inputShape: [6] })
    const ending = sequential({ layers: [layer] })
    const wanted =
      /^RangeError: Cannot (train|evaluate): expected a model that puts out logits, got one that ends in a softmax: /
    const training = fit(data, { ...settings, loss: weightedCrossentropy({ output: 'logits' }) })
    expect(await lateRefusalOf(() => training(contextOf(ending)) as Promise<unknown>)).toMatch(
      wanted,
    )
    const evaluate = evaluateOn(data, { positiveClass: 1, output: 'logits' })
    expect(await lateRefusalOf(() => evaluate(ending) as Promise<unknown>)).toMatch(wanted)
    ending.dispose()
  })

  test('fit rejects a model that puts out logits while its loss expects probabilities', async () => {
    const before = [weightBits(model), memory().numTensors]
    const loss = sumOf(
      weightedCrossentropy({ output: 'probabilities' }),
      squaredHingeRank({ output: 'probabilities' }),
    )
    const training = fit(data, { ...settings, loss })
    expect(await lateRefusalOf(() => training(contextOf(model)) as Promise<unknown>)).toMatch(
      /^RangeError: Cannot train: expected a model that puts out probabilities, got -?\d[\d.e-]+: is it a logit\?$/,
    )
    expect([weightBits(model), memory().numTensors]).toEqual(before)
  })

  test('fit rejects a rewinder that leaves no epoch to train', async () => {
    const training = fit(data, { ...settings, epochs: 2 })
    const context = contextOf(model, { round: 1, resumeAt: { epoch: 2, step: 10, batch: 0 } })
    expect(await lateRefusalOf(() => training(context) as Promise<unknown>)).toBe(
      'RangeError: Cannot train round 1: expected some of 2 epochs to be left, got a rewinder that resumes at epoch 2',
    )
  })

  test('fit lets a loss of the caller read labels as it likes', async () => {
    const own: Loss = (yTrue, yPred) => squaredHingeRank()(yTrue, yPred)
    const ys = Array.from(data.ys, (label) => label * 7)
    await fit({ xs: data.xs, ys }, { ...settings, loss: own })(contextOf(model))
  })

  test('fit rejects one-hot rows of another number of classes', async () => {
    const ys = tensor2d(Array.from(data.ys, (label) => [0, label, 1 - label]))
    expect(await lateRefusal({ xs: data.xs, ys }, { loss: classDependent({ gamma: 5 }) })).toBe(
      'TypeError: Cannot train: expected labels of 2 columns as the model has classes, got 3',
    )
    ys.dispose()
  })

  test.each(['sgd', 'adagrad'] as const)(
    'fit rejects train.%s by itself, which makes an optimizer without a rate',
    async (name) => {
      expect(
        await lateRefusal(data, { optimizer: train[name] as unknown as () => Optimizer }),
      ).toBe(
        'TypeError: Cannot train: expected an optimizer with a learning rate, such as () => train.sgd(0.001), got rate undefined',
      )
    },
  )

  test('fit takes train.adam by itself, whose rate tfjs knows', async () => {
    await fit(data, { ...settings, optimizer: train.adam })(contextOf(model))
  })

  test.each<[string, () => ReturnType<Optimizer['getConfig']>]>([
    ['throws', () => expect.unreachable('nobody saves it')],
    ['tells a rate that changes', () => ({ learningRate: ((step: number) => 1 / step) as never })],
    ['tells the digits of a rate', () => ({ learningRate: '0.01' })],
    ['tells no rate', () => ({})],
  ])('fit takes an optimizer of a class of its own whose getConfig %s', async (_, getConfig) => {
    class Own extends SGDOptimizer {
      override getConfig = getConfig
    }
    await fit(data, { ...settings, optimizer: () => new Own(0.01) })(contextOf(model))
  })

  test('fit rejects an optimizer factory that makes none, or throws', async () => {
    expect(await lateRefusal(data, { optimizer: () => ({}) })).toBe(
      'TypeError: Cannot train: expected the optimizer factory to return an optimizer, got [object Object]',
    )
    const optimizer = () => {
      throw new TypeError('Cannot build it: expected this, got that')
    }
    expect(await lateRefusal(data, { optimizer })).toBe(
      'TypeError: Cannot build it: expected this, got that',
    )
  })

  test.each<[unknown, string]>([
    [
      [Int32Array.of(0, 20)],
      'RangeError: Cannot train: expected batches of indices below 20, got 20',
    ],
    [[Int32Array.of(-1)], 'RangeError: Cannot train: expected batches of indices below 20, got -1'],
    [
      [new Int32Array(0)],
      'RangeError: Cannot train: expected batches of at least one sample, got 0',
    ],
    [
      [undefined],
      'RangeError: Cannot train: expected batches of at least one sample, got undefined',
    ],
    [[], 'RangeError: Cannot train round 3: expected at least 1 batches in epoch 0, got 0'],
  ])('fit rejects what a sampler must not draw: %j', async (drawn, message) => {
    expect(await lateRefusal(data, { batches: () => drawn })).toBe(message)
  })

  test('fit rejects a model of several outputs', async () => {
    const of = twoHeads()
    expect(await lateRefusal({ xs: [[1, 2]], ys: [1] }, {}, of)).toBe(
      'TypeError: Cannot train: expected a model with one output, got 2',
    )
    of.dispose()
  })
})

describe('fit with a loss that is not finite', () => {
  test('fit names round, epoch, learning rate and loss, and says what helps', async () => {
    const loss = classDependent({ gamma: 5, lambda: 5 })
    const training = { optimizer: () => train.sgd(1e20), loss, epochs: 3 }
    const [weights, tensors] = [weightBits(model), memory().numTensors]
    const run = () => prune(model, quickRun(data, { training }))
    expect(
      await lateRefusalOf(() => prune(model, { ...quickRun(data), train: fit(data, training) })),
    ).toMatch(
      /^RangeError: Cannot train round 0: expected a finite loss, got (NaN|Infinity) in epoch \d at learning rate 100000000000000000000 with gamma 5, lambda 5, .*\. A lower learning rate, clipNorm: 5 or a smaller lambda helps\.$/,
    )
    expect(await lateRefusalOf(run)).toMatch(/a clipNorm below 5 or a smaller lambda helps\.$/)
    expect(weightBits(model)).toEqual(weights)
    expect(memory().numTensors).toBe(tensors)
  })

  test('fit names a loss of the caller as such', async () => {
    const small = sequential({ layers: [layers.dense({ units: 2, inputShape: [6] })] })
    const own: Loss = (yTrue, yPred) => squaredHingeRank({ lambda: 1e30 })(yTrue, yPred)
    const training = fit(data, { optimizer: () => train.sgd(1e30), epochs: 4, loss: own })
    expect(
      await lateRefusalOf(() => training(contextOf(small, { round: 5 })) as Promise<unknown>),
    ).toMatch(
      /^RangeError: Cannot train round 5: expected (a finite loss|finite weights), got .* in epoch \d .* with a custom loss\./,
    )
    small.dispose()
  })
})
