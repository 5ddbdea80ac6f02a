import { randomNormal, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { evaluateOn } from 'tfjs-prune'
import { aucRoc, aucScoreInterval, delongInterval } from 'tfjs-prune/metrics'
import { describe, expect, test } from 'vitest'
import { chain } from '../support/endings.js'
import { echo, evaluated } from './outputs.js'

const logit = (probability: number) => Math.log(probability / (1 - probability))
const logSumExp = (values: readonly number[]) => {
  const top = Math.max(...values)
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0))
}
/** Mean cross-entropy of logits by its definition. */
const crossentropy = (rows: readonly (readonly number[])[], labels: readonly number[]) =>
  rows.reduce((sum, row, i) => sum + logSumExp(row) - row[labels[i]!]!, 0) / rows.length

const value = fc.float({ min: -30, max: 30, noNaN: true })
const samples = (columns: number, classes: number) =>
  fc
    .array(
      fc.tuple(fc.array(value, { minLength: columns, maxLength: columns }), fc.nat(classes - 1)),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((pairs) => ({
      rows: [...pairs.map(([row]) => row), new Array<number>(columns).fill(0.5)],
      labels: [...pairs.map(([, label]) => label), 1],
    }))

describe('evaluateOn with logits', () => {
  test('evaluateOn scores two outputs by their difference', async () => {
    await fc.assert(
      fc.asyncProperty(samples(2, 2), async ({ rows, labels }) => {
        const { confusion, auc, loss, scores, accuracy } = await evaluated(rows, labels)
        const differences = rows.map(([a, b]) => b! - a!)
        expect([...scores!]).toEqual(differences.map((score) => expect.closeTo(score, 10)))
        expect(auc).toBe(aucRoc(labels, differences, { positiveClass: 1 }))
        expect(loss).toBeCloseTo(crossentropy(rows, labels), 10)
        const right = labels.filter((label, i) => (differences[i]! >= 0 ? 1 : 0) === label).length
        expect(accuracy).toBeCloseTo(right / labels.length, 12)
        expect(confusion.truePositives + confusion.falseNegatives).toBe(
          labels.filter((label) => label === 1).length,
        )
      }),
      { numRuns: 25 },
    )
  })

  test('evaluateOn scores one output by itself', async () => {
    await fc.assert(
      fc.asyncProperty(samples(1, 2), async ({ rows, labels }) => {
        const { auc, loss, scores } = await evaluated(rows, labels)
        expect([...scores!]).toEqual(rows.map(([z]) => expect.closeTo(z!, 10)))
        expect(auc).toBe(aucRoc(labels, rows.flat(), { positiveClass: 1 }))
        const pairs = rows.map(([z]) => [0, z!])
        expect(loss).toBeCloseTo(crossentropy(pairs, labels), 10)
      }),
      { numRuns: 25 },
    )
  })

  test('evaluateOn scores one of three outputs by its log-odds against the others', async () => {
    await fc.assert(
      fc.asyncProperty(samples(3, 3), async ({ rows, labels }) => {
        const { auc, loss, scores, confusion } = await evaluated(rows, labels)
        const odds = rows.map(([a, b, c]) => b! - logSumExp([a!, c!]))
        expect([...scores!]).toEqual(odds.map((score) => expect.closeTo(score, 10)))
        expect(auc).toBe(aucRoc(labels, odds, { positiveClass: 1 }))
        expect(loss).toBeCloseTo(crossentropy(rows, labels), 10)
        const chosen = rows.map(([a, b, c]) => b! >= Math.max(a!, c!))
        expect(confusion.truePositives).toBe(
          labels.filter((label, i) => label === 1 && chosen[i]).length,
        )
        expect(confusion.falsePositives).toBe(
          labels.filter((label, i) => label !== 1 && chosen[i]).length,
        )
      }),
      { numRuns: 25 },
    )
  })

  test('evaluateOn takes the largest of three outputs, not the odds above one half', async () => {
    const rows = [[0.3, 0.4, 0.3].map(Math.log)]
    expect((await evaluated(rows, [1])).confusion.truePositives).toBe(1)
    expect((await evaluated(rows, [1], { threshold: 0.5 })).confusion.truePositives).toBe(0)
    expect((await evaluated(rows, [1], { threshold: 0.39 })).confusion.truePositives).toBe(1)
  })

  test.each([
    ['sigmoid', 1],
    ['softmax', 2],
    ['softmax', 3],
  ] as const)(
    'a sample whose probability is the threshold counts: %s of %d',
    async (activation, units) => {
      const model = chain(2, layers.dense({ units, activation }))
      const xs = randomNormal([40, 2], 0, 1, 'float32', 5)
      const outputs = (model.predict(xs) as Tensor2D).arraySync()
      const own = outputs.map((row) => row[units === 1 ? 0 : 1]!)
      const data = { xs, ys: own.map((_, i) => i % 2) }
      const { scores } = await evaluateOn(data, { positiveClass: 1 })(model)
      for (const [i, threshold] of own.entries()) {
        const at = await evaluateOn(data, { positiveClass: 1, threshold })(model)
        expect(Array.from(at.predictions!, (one) => one === 1)).toEqual(
          own.map((probability) => probability >= threshold),
        )
        const logOdds = scores![i]!
        const above = await evaluateOn(data, { positiveClass: 1, threshold: { logOdds } })(model)
        expect(Array.from(above.predictions!, (one) => one === 1)).toEqual(
          Array.from(scores!, (score) => score >= logOdds),
        )
      }
      xs.dispose()
      model.dispose()
    },
  )

  test('evaluateOn counts from the threshold on', async () => {
    const rows = [[logit(0.2)], [logit(0.4)], [logit(0.6)], [logit(0.8)]]
    const positivesAt = async (threshold: number) =>
      (await evaluated(rows, [1, 1, 1, 1], { threshold })).confusion.truePositives
    expect(await Promise.all([0.1, 0.3, 0.5, 0.7, 0.9].map(positivesAt))).toEqual([4, 3, 2, 1, 0])
    expect((await evaluated([[0]], [1])).confusion.truePositives).toBe(1)
  })

  test('evaluateOn takes one output as the score of class 1, whichever class is positive', async () => {
    const { confusion, auc } = await evaluated([[-2], [3], [1]], [0, 1, 1], { positiveClass: 0 })
    expect(confusion).toEqual({
      truePositives: 1,
      falseNegatives: 0,
      falsePositives: 0,
      trueNegatives: 2,
    })
    expect(auc).toBe(1)
  })

  test('evaluateOn reads one-hot rows, indices in an array and indices in a tensor alike', async () => {
    const rows = [
      [1, 2],
      [3, -1],
      [0, 0.5],
      [2, 2.5],
    ]
    const expected = await evaluated(rows, [1, 0, 0, 1])
    const oneHot = tensor2d([0, 1, 1, 0, 1, 0, 0, 1], [4, 2])
    const column = tensor2d([1, 0, 0, 1], [4, 1], 'int32')
    expect(await evaluated(rows, oneHot)).toEqual(expected)
    expect(await evaluated(rows, column)).toEqual(expected)
    expect(await evaluated(rows, Uint8Array.of(1, 0, 0, 1))).toEqual(expected)
    oneHot.dispose()
    column.dispose()
  })

  test('evaluateOn gives NaN where there are no negatives', async () => {
    const { falsePositiveRate, auc, falseNegativeRate } = await evaluated([[1], [-1]], [1, 1])
    expect([falsePositiveRate, auc, falseNegativeRate]).toEqual([Number.NaN, Number.NaN, 0.5])
  })
})

describe('evaluateOn with probabilities', () => {
  const output = 'probabilities'

  test('evaluateOn gives the same for probabilities as for their logits', async () => {
    const logits = [[-2], [0.5], [1.5], [-0.25]]
    const sigmoid = logits.map(([z]) => [1 / (1 + Math.exp(-z!))])
    const softmax = sigmoid.map(([p]) => [1 - p!, p!])
    const expected = await evaluated(logits, [0, 1, 1, 0])
    for (const rows of [sigmoid, softmax]) {
      const given = await evaluated(rows, [0, 1, 1, 0], { output })
      expect([given.confusion, given.auc]).toEqual([expected.confusion, expected.auc])
      expect(given.loss).toBeCloseTo(expected.loss, 5)
      expect([...given.scores!]).toEqual(
        [...expected.scores!].map((score) => expect.closeTo(score, 5)),
      )
    }
  })

  test('evaluateOn stays finite and in order where probabilities saturate', async () => {
    const rows = [[0], [1e-30], [1e-20], [0.5], [1]]
    const { scores, loss, auc } = await evaluated(rows, [0, 0, 0, 1, 1], { output })
    expect([...scores!].every(Number.isFinite)).toBe(true)
    expect([...scores!]).toEqual([...scores!].sort((a, b) => a - b))
    expect(new Set(scores).size).toBe(5)
    expect([auc, Number.isFinite(loss)]).toEqual([1, true])
    expect(
      Number.isFinite(
        (
          await evaluated(
            [
              [0, 1],
              [1, 0],
            ],
            [0, 1],
            { output },
          )
        ).loss,
      ),
    ).toBe(true)
  })

  test('evaluateOn puts up with a softmax that is rounded to a little more than 1', async () => {
    const { confusion } = await evaluated([[0, 1.0000002]], [1], { output })
    expect(confusion.truePositives).toBe(1)
  })
})

describe('evaluateOn', () => {
  test('evaluateOn does not depend on the batch size', async () => {
    const rows = Array.from({ length: 11 }, (_, i) => [Math.sin(i), Math.cos(3 * i)])
    const labels = rows.map((_, i) => i % 2)
    const expected = await evaluated(rows, labels)
    for (const batchSize of [1, 4, 11, 100])
      expect(await evaluated(rows, labels, { batchSize })).toEqual(expected)
  })

  test('evaluateOn leaves no tensor and the inputs alone', async () => {
    const [xs, ys, of] = [
      tensor2d([
        [1, 2],
        [3, 1],
      ]),
      tensor2d([
        [0, 1],
        [1, 0],
      ]),
      echo(2),
    ]
    const evaluate = evaluateOn({ xs, ys }, { positiveClass: 1, output: 'logits' })
    await expect(() => evaluate(of)).toLeaveNoTensors()
    const fromArrays = evaluateOn(
      {
        xs: [
          [1, 2],
          [3, 1],
        ],
        ys: [1, 0],
      },
      { positiveClass: 1, output: 'logits' },
    )
    await expect(() => fromArrays(of)).toLeaveNoTensors()
    expect(await fromArrays(of)).toEqual(await evaluate(of))
    expect([xs.isDisposed, ys.isDisposed]).toEqual([false, false])
    for (const one of [xs, ys, of]) one.dispose()
  })
})

describe('evaluateOn with intervals', () => {
  test.each([
    { count: 60, interval: aucScoreInterval, name: 'aucScoreInterval' },
    { count: 400, interval: delongInterval, name: 'delongInterval' },
  ])('evaluateOn has the area of $count samples in the interval of $name', async (one) => {
    const labels = Array.from({ length: one.count }, (_, i) => i % 2)
    const rows = labels.map((label, i) => [0, label + 2 * Math.sin(i)])
    const { scores, intervals } = await evaluated(rows, labels)
    const wanted = one.interval(labels, scores!, { positiveClass: 1 })
    expect(intervals!.auc).toEqual({
      lower: expect.closeTo(wanted.interval.lower, 12),
      upper: expect.closeTo(wanted.interval.upper, 12),
    })
  })
})
