import { mean, memory, mul, sub, type Tensor, tensor2d, tidy, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import {
  allOf,
  densityReached,
  falseNegativesAtMost,
  metricAtLeast,
  metricAtMost,
  newMissesAtMost,
  type PruneOptions,
  patience,
  prune,
  pruningRounds,
  type Train,
} from 'tfjs-prune'
import { expect, expectTypeOf, test } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'

/** Rows of six numbers of which only the first two say something of y = 2 a - b. */
function regression() {
  const { uniform } = randomStream(5)
  const rows = Array.from({ length: 32 }, () => Array.from({ length: 6 }, () => 2 * uniform() - 1))
  return { rows, targets: rows.map(([a = 0, b = 0]) => [2 * a - b]) }
}

/** Trains by model.fit on targets of any kind. */
const fitTo =
  (rows: number[][], targets: number[][], epochs = 60): Train =>
  async ({ model, hold }) => {
    const [xs, ys] = [tensor2d(rows), tensor2d(targets)]
    const optimizer = hold(train.sgd(0.1))
    model.compile({ optimizer, loss: 'meanSquaredError' })
    await model.fit(xs, ys, { epochs, batchSize: 32, verbose: 0, shuffle: false })
    for (const one of [xs, ys, optimizer]) one.dispose()
  }

const errorOn = (rows: number[][], targets: number[][]) => (model: LayersModel) => {
  const meanSquaredError = tidy(() => {
    const left = sub(model.predict(tensor2d(rows)) as Tensor, tensor2d(targets))
    return mean(mul(left, left)).dataSync()[0]!
  })
  return { meanSquaredError }
}

const linear = () =>
  fillWeights(sequential({ layers: [layers.dense({ name: 'out', units: 1, inputShape: [6] })] }))

test('prune keeps the sparsest regression within an error: the two inputs that matter stay', async () => {
  const { rows, targets } = regression()
  const model = linear()
  const before = memory().numTensors
  const result = await prune(model, {
    train: fitTo(rows, targets),
    evaluate: errorOn(rows, targets),
    schedule: [1, 0.5, 1 / 3, 1 / 6],
    stop: metricAtMost(({ evaluation }) => evaluation.meanSquaredError, 0.01),
  })
  expect(memory().numTensors).toBe(before)
  expectTypeOf(result.rounds[0]!.evaluation).toEqualTypeOf<{ meanSquaredError: number }>()
  expect(result.kept?.round).toBe(2)
  expect([...result.kept!.mask.weights[0]!.values]).toEqual([1, 1, 0, 0, 0, 0])
  expect(result.reason).toMatch(/^.* metric against at most 0\.0100 in round 2, the sparsest of /)
  // y = 2 a - b with a alone is off by the mean of b squared.
  const b = rows.reduce((sum, [, value = 0]) => sum + value * value, 0) / rows.length
  expect(result.rounds[3]!.evaluation.meanSquaredError).toBeCloseTo(b, 1)
  model.dispose()
})

test('prune keeps an autoencoder whose reconstruction is within a tenth of the dense one', async () => {
  const { uniform } = randomStream(8)
  const codes = Array.from({ length: 48 }, () => [uniform() - 0.5, uniform() - 0.5])
  const rows = codes.map(([a = 0, b = 0]) => [a, b, a + b, a - b, 2 * a, -b])
  const model = fillWeights(
    sequential({
      layers: [
        layers.dense({ name: 'code', units: 4, inputShape: [6] }),
        layers.dense({ name: 'picture', units: 6 }),
      ],
    }),
  )
  const psnr = (of: LayersModel) => {
    const { meanSquaredError } = errorOn(rows, rows)(of)
    return { psnr: -10 * Math.log10(meanSquaredError) }
  }
  const result = await prune(model, {
    train: fitTo(rows, rows, 200),
    evaluate: psnr,
    schedule: [1, 0.75, 0.5, 0.1],
    stop: metricAtLeast(({ evaluation }) => evaluation.psnr, { slack: -6 }),
  })
  const values = result.rounds.map(({ evaluation }) => evaluation.psnr)
  const good = values.map((value, i) => [value, i] as const).filter(([v]) => v >= values[0]! - 6)
  expect(result.kept?.round).toBe(good.at(-1)![1])
  expect(values[3]).toBeLessThan(values[0]! - 6)
  expect(result.reason).toContain(' against at least ')
  model.dispose()
})

test('pruningRounds takes any evaluation with a number', async () => {
  const { rows, targets } = regression()
  const options = {
    train: fitTo(rows, targets, 2),
    evaluate: errorOn(rows, targets),
    schedule: [1, 0.5],
  }
  const errors = []
  for await (const { evaluation } of pruningRounds(linear(), options))
    errors.push(evaluation.meanSquaredError)
  expect(errors.every(Number.isFinite) && errors.length === 2).toBe(true)
})

const asClassifier = (stop: unknown) => stop as NonNullable<PruneOptions<{ mse: number }>['stop']>

test.each([
  [
    'falseNegativesAtMost',
    falseNegativesAtMost(1),
    'TypeError: Cannot bound the false negatives: expected an evaluation that fits the rule, with a number to watch, got undefined',
  ],
  [
    'newMissesAtMost',
    newMissesAtMost(1),
    'TypeError: Cannot bound the new misses: expected evaluate to return labels, predictions (as evaluateOn does), got no labels',
  ],
  [
    'patience',
    patience({ metric: ({ evaluation }) => evaluation.auc, direction: 'maximise' }),
    'TypeError: Cannot wait for a metric: expected an evaluation that fits the rule, with a number to watch, got undefined',
  ],
])(
  'prune tells before training that an evaluation does not fit %s',
  async (_name, stop, message) => {
    const options = {
      train: () => expect.unreachable('nothing is trained'),
      evaluate: () => ({ mse: 1 }),
      stop: asClassifier(stop),
    }
    expect(await lateRefusalOf(() => prune(linear(), options))).toBe(message)
  },
)

const makeEvaluate = async () => errorOn([[1, 2, 3, 4, 5, 6]], [[1]])

test.each([
  ['an asynchronous factory', makeEvaluate],
  ['a factory', () => errorOn([[1, 2, 3, 4, 5, 6]], [[1]])],
])('prune tells before training that evaluate is %s', async (_name, evaluate) => {
  const options = {
    train: () => expect.unreachable('nothing is trained'),
    evaluate: evaluate as unknown as PruneOptions['evaluate'],
  }
  expect(await lateRefusalOf(() => prune(linear(), options))).toMatch(
    /^TypeError: Cannot prune: expected evaluate to be an evaluation function, got a factory/,
  )
})

test('allOf joins rules on a metric and rules that look at none', () => {
  type Error = { readonly mse: number }
  const rule = allOf(
    metricAtMost<Error>(({ evaluation }) => evaluation.mse, { factor: 2 }),
    densityReached(0.5),
  )
  expect(rule([]).stop).toBe(false)
})

test('metricAtMost and metricAtLeast refuse what is no metric and no limit', () => {
  expect(refusalOf(() => metricAtMost(5 as never, 1))).toMatch(
    /^TypeError: Cannot bound the metric/,
  )
  expect(refusalOf(() => metricAtLeast(() => 1, Number.NaN))).toBe(
    'RangeError: Cannot bound the metric: expected limit to be a finite number, got NaN',
  )
  expect(refusalOf(() => metricAtMost(() => 1, { slack: Number.POSITIVE_INFINITY }))).toBe(
    'RangeError: Cannot bound the metric: expected slack to be a finite number, got Infinity',
  )
})
