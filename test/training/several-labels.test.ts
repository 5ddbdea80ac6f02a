import { memory, type Tensor, tensor2d, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers } from '@tensorflow/tfjs-layers'
import {
  type Batch,
  computeMask,
  type DatasetData,
  evaluateOn,
  falseNegativesAtMost,
  fit,
  forClasses,
  type Loss,
  lossFor,
  prune,
  type ScoredWeight,
  taylor,
  weightedCrossentropy,
  withTeacher,
} from 'tfjs-prune'
import { narrowest } from 'tfjs-prune/files'
import {
  distillation,
  falseNegativeBudget,
  focal,
  forLabel,
  perLabel,
  sumOf,
} from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { chain, identity } from '../support/endings.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { contextOf } from './context.js'

import { confusionOf, mixed, of, right, rows } from './labelled-rows.js'

const sigmoids = () => chain(3, identity('sigmoid', 3))
const logits = () => chain(3, identity('linear', 3))
const options = { optimizer: () => train.sgd(0.1), epochs: 1 }

describe('one label of several', () => {
  test('evaluateOn counts it alone: a perfect model misses nothing', async () => {
    for (const model of [sigmoids(), logits()]) {
      const found = await evaluateOn(of(right), { positiveClass: 1, label: 1 })(model)
      expect(found.confusion).toEqual(confusionOf(4, 0, 0, 2))
      expect([found.auc, found.label, found.positiveClass]).toEqual([1, 1, 1])
    }
  })

  test.each([0, 1, 2])(
    'evaluateOn of label %i is that of a model with this sigmoid alone',
    async (label) => {
      const columns = {
        xs: tensor2d(mixed.map((row) => [row[label]!])),
        ys: rows.map((row) => row[label]!),
      }
      for (const positiveClass of [0, 1])
        for (const threshold of [undefined, 0.9]) {
          const how = { positiveClass, ...(threshold && { threshold }) }
          const wanted = await evaluateOn(columns, how)(chain(1, identity('sigmoid', 1)))
          const found = await evaluateOn(of(mixed), { ...how, label })(sigmoids())
          expect(found).toEqual({ ...wanted, label, scores: found.scores })
          expect([...found.scores!]).toEqual([...wanted.scores!])
        }
    },
  )

  test('evaluateOn of a label agrees with counts by hand', async () => {
    const { confusion, auc, scores } = await evaluateOn(of(mixed), { positiveClass: 1, label: 1 })(
      logits(),
    )
    expect(confusion).toEqual(confusionOf(3, 1, 1, 1))
    // Scores of label 1: 1.5, 2.5, -3.5, 4.5, -5.5, 6.5; pairs of a positive above a negative: 4 of 8.
    expect([...scores!]).toEqual([1.5, 2.5, -3.5, 4.5, -5.5, 6.5])
    expect(auc).toBe(0.5)
  })

  test('a dataset tells the same of a label, and a wrong row by its number', async () => {
    const dataset = (ys = rows): DatasetData => ({
      iterator: async () => {
        const parts = [
          of(mixed.slice(0, 4), ys.slice(0, 4)),
          of(mixed.slice(4), ys.slice(4)),
        ].values()
        return { next: async () => parts.next() as IteratorResult<Batch, unknown> }
      },
    })
    for (const label of [0, 1, 2]) {
      const how = { positiveClass: 1, label }
      const wanted = await evaluateOn(of(mixed), how)(sigmoids())
      expect(await evaluateOn(dataset(), how)(sigmoids())).toEqual(wanted)
    }
    const odd = dataset([...rows.slice(0, 5), [0, 1, -1]])
    const refusalOn = (data: DatasetData, label?: number) =>
      lateRefusalOf(async () =>
        evaluateOn(data, { positiveClass: 1, ...(label !== undefined && { label }) })(
          label === undefined ? chain(3, identity('softmax', 3)) : sigmoids(),
        ),
      )
    expect(await refusalOn(odd, 1)).toBe(
      'RangeError: Cannot evaluate: expected labels of 0 or 1, got -1 as label 2 of sample 5',
    )
    expect(await refusalOn(dataset())).toContain('got [1, 1, 0] for sample 0: for several labels')
    const late = [1, 0, 2, 1, 0].map((place) => [0, 1, 2].map((l) => Number(l === place)))
    expect(await refusalOn(dataset([...late, [0, 1, 1]]))).toContain('got [0, 1, 1] for sample 5')
  })

  test('evaluateOn refuses a label or rows that cannot be', async () => {
    const evaluate = (more: object, data = of(right)) =>
      evaluateOn(data, { positiveClass: 1, ...more })
    expect(refusalOf(() => evaluate({ label: 3 }))).toBe(
      'RangeError: Cannot evaluate: expected label to be below the 3 columns of the labels, got 3',
    )
    expect(refusalOf(() => evaluate({ label: 0.5 }))).toContain(
      'expected label to be a whole number',
    )
    expect(refusalOf(() => evaluate({ label: 1, positiveClass: 2 }))).toBe(
      'RangeError: Cannot evaluate: expected 0 or 1 as positiveClass of a label, got 2',
    )
    for (const [value, got] of [
      [-1, '-1'],
      [0.5, '0.5'],
      [Number.NaN, 'NaN'],
    ] as const)
      expect(
        refusalOf(() =>
          evaluate(
            { label: 0 },
            of(right.slice(0, 2), [
              [1, 0, 0],
              [0, 1, value],
            ]),
          ),
        ),
      ).toBe(
        `RangeError: Cannot evaluate: expected labels of 0 or 1, got ${got} as label 2 of sample 1`,
      )
    expect(refusalOf(() => evaluate({ label: 0 }, of(right.slice(0, 1), [[0, 1, 1]])))).toContain(
      'expected a sample of the positive class 1, got none',
    )
    const late = (data: ReturnType<typeof of>, model: LayersModel) =>
      lateRefusalOf(async () => evaluate({ label: 1 }, data)(model))
    expect(await late(of(right), chain(3, identity('softmax', 3)))).toBe(
      'RangeError: Cannot evaluate: expected a model that scores each label by itself, ' +
        'got one that ends in a softmax: leave label out, or take sigmoids',
    )
    expect(await late(of(right), chain(3, layers.dense({ units: 2, activation: 'sigmoid' })))).toBe(
      'TypeError: Cannot evaluate: expected labels of 2 columns, one for each output, got 3',
    )
    expect(await late(of(right), chain(3, identity('relu', 3)))).toContain('never negative')
  })

  test('several sigmoids without a label are refused, and label is named', async () => {
    const data = {
      xs: tensor2d(right),
      ys: tensor2d([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
    }
    const asked =
      /expected a model that tells its output, got .*3 sigmoids.*: give label for each \(in fit: perLabel or forLabel as loss\), or say/
    expect(
      await lateRefusalOf(async () => evaluateOn(data, { positiveClass: 1 })(sigmoids())),
    ).toMatch(asked)
    expect(await lateRefusalOf(async () => fit(data, options)(contextOf(sigmoids())))).toMatch(
      asked,
    )
    expect(refusalOf(() => lossFor(sigmoids(), weightedCrossentropy()))).toMatch(asked)
  })
})

describe('training on several labels', () => {
  const init = () => fillWeights(chain(3, identity('sigmoid', 3)), 3)
  const weightsOf = (model: LayersModel) => [...model.getWeights()[0]!.dataSync()]

  test('fit trains sigmoids and logits alike, and one label leaves the others', async () => {
    const trained = async (model: LayersModel, loss: Loss) => {
      await fit(of(mixed), { ...options, epochs: 3, loss })(contextOf(model))
      return weightsOf(model)
    }
    const start = weightsOf(init())
    const linear = () => fillWeights(logits(), 3)
    for (const loss of [perLabel(weightedCrossentropy()), forLabel(focal(), 1)]) {
      const [a, b] = [await trained(init(), loss), await trained(linear(), loss)]
      for (const [i, weight] of a.entries()) expect(weight).toBeCloseTo(b[i]!, 5)
    }
    const one = await trained(init(), forLabel(weightedCrossentropy(), 1))
    for (const [i, weight] of one.entries())
      expect(weight === start[i], `weight ${i}`).toBe(i % 3 !== 1)
  })

  test('fit trains one label as a model of that column', async () => {
    const label = 2
    const head = fillWeights(chain(3, identity('sigmoid', 3)), 5)
    const column = chain(3, layers.dense({ units: 1, activation: 'sigmoid', useBias: false }))
    column.setWeights([
      tensor2d(
        weightsOf(head).filter((_, i) => i % 3 === label),
        [3, 1],
      ),
    ])
    const settings = { ...options, epochs: 4 }
    const loss = weightedCrossentropy({ weights: 3 })
    await fit(of(mixed), { ...settings, loss: forLabel(loss, label) })(contextOf(head))
    const ys = rows.map((row) => row[label]!)
    await fit({ xs: tensor2d(mixed), ys }, { ...settings, loss })(contextOf(column))
    const own = weightsOf(head).filter((_, i) => i % 3 === label)
    for (const [i, weight] of weightsOf(column).entries()) expect(own[i]).toBeCloseTo(weight, 6)
  })

  test('fit refuses labels that no head of labels has, and a softmax', async () => {
    const late = (data: ReturnType<typeof of>, loss: Loss, model = sigmoids()) =>
      lateRefusalOf(async () => fit(data, { ...options, loss })(contextOf(model)))
    const all = perLabel(weightedCrossentropy())
    expect(
      await late(
        of(
          right,
          rows.map((row) => row.map((y) => 2 * y - 1)),
        ),
        all,
      ),
    ).toBe('RangeError: Cannot train: expected labels of 0 or 1, got -1 as label 2 of sample 0')
    expect(
      await late(
        of(
          right,
          rows.map((row) => row.slice(1)),
        ),
        all,
      ),
    ).toBe('TypeError: Cannot train: expected labels of 3 columns, one for each output, got 2')
    expect(await late(of(right), forLabel(weightedCrossentropy(), 3))).toContain('got 3')
    expect(await late(of(right), all, chain(3, identity('softmax', 3)))).toContain('a softmax')
    const none = rows.map(([a, b]) => [a!, b!, 0])
    expect(await late(of(right, none), forLabel(weightedCrossentropy(), 2))).toContain(
      'expected a sample of the positive class 1, got none',
    )
    const soft = rows.map((row) => row.map((label) => 0.1 + 0.8 * label))
    expect(await late(of(right, soft), all)).toBe('no error')
  })

  test('a budget of one label is measured on that label', async () => {
    const budget = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0,
      stepSize: 8,
    })
    const seen: unknown[] = []
    const spied = Object.assign((y: Tensor, z: Tensor) => budget(y, z), {
      settings: budget.settings!,
      forOutput: () => spied,
      update: (measured: { confusion?: unknown; label?: number }) =>
        void seen.push([measured.confusion, measured.label]),
    })
    const still = { ...options, optimizer: () => train.sgd(1e-9) }
    await fit(of(mixed), { ...still, loss: forLabel(spied as unknown as Loss, 1) })(
      contextOf(logits()),
    )
    expect(seen).toEqual([[confusionOf(3, 1, 1, 1), 1]])
    const sum = (...labels: number[]) =>
      sumOf(
        perLabel(weightedCrossentropy()),
        ...labels.map((label) => forLabel(spied as unknown as Loss, label)),
      )
    seen.length = 0
    await fit(of(mixed), { ...still, loss: sum(2, 1) })(contextOf(logits()))
    expect(seen).toEqual([
      [confusionOf(2, 0, 0, 4), 2],
      [confusionOf(3, 1, 1, 1), 1],
    ])
    const measure = evaluateOn(of(right), { positiveClass: 1, label: 1 })
    const measured = (loss: Loss) => fit(of(mixed), { ...still, loss, measure })
    seen.length = 0
    await measured(sum(1))(contextOf(logits()))
    expect(seen).toEqual([[confusionOf(4, 0, 0, 2), 1]])
    expect(await lateRefusalOf(async () => measured(sum(1, 2))(contextOf(logits())))).toContain(
      'expected an evaluation of it, got one of 1',
    )
  })

  test('budgets of several labels borrow the dense weights one after the other', async () => {
    let [lent, most, compared] = [0, 0, 0]
    const withDense = async <T>(work: () => Promise<T>): Promise<T> => {
      most = Math.max(most, ++lent)
      await new Promise((resolve) => setTimeout(resolve, 0))
      const answer = await work()
      lent--
      return answer
    }
    const budget = falseNegativeBudget({ positiveClass: 1, of: 'dense' })
    const spied = Object.assign((y: Tensor, z: Tensor) => budget(y, z), {
      settings: budget.settings!,
      forOutput: () => spied,
      update: () => {},
      compareWith: () => void compared++,
    })
    const labels = [0, 1, 2].map((label) => forLabel(spied as unknown as Loss, label))
    await fit(of(mixed), { ...options, loss: sumOf(...labels) })(contextOf(logits(), { withDense }))
    expect([compared, most]).toEqual([3, 1])
  })

  test('prune keeps the misses of one label within a budget', async () => {
    const many = Array.from({ length: 60 }, (_, i) => {
      const row = [Math.sin(i), Math.cos(2 * i), Math.sin(3 * i + 1)]
      return {
        row,
        labels: [Number(row[0]! > 0.2), Number(row[1]! > 0), Number(row[2]! - row[0]! > 0.1)],
      }
    })
    const data = () =>
      of(
        many.map(({ row }) => row),
        many.map(({ labels }) => labels),
      )
    const model = fillWeights(chain(3, identity('linear', 3)), 1)
    const result = await prune(model, {
      train: fit(data(), {
        optimizer: () => train.adam(0.05),
        epochs: 40,
        loss: perLabel(weightedCrossentropy({ weights: 2 })),
      }),
      evaluate: evaluateOn(data(), { positiveClass: 1, label: 2 }),
      schedule: [1, 0.7, 0.25],
      select: { keepLastLayer: false },
      stop: falseNegativesAtMost(1),
    })
    expect(result.feasible).toBe(true)
    const misses = result.rounds.map(({ evaluation }) => evaluation.confusion.falseNegatives)
    for (const { evaluation } of result.rounds) {
      const { label, confusion } = evaluation
      expect(label).toBe(2)
      expect(confusion.truePositives + confusion.falseNegatives).toBe(
        many.filter(({ labels }) => labels[2]).length,
      )
    }
    if (!result.feasible) throw new Error('one is kept')
    const kept = result.rounds.findLastIndex((_, i) => misses[i]! <= 1)
    expect(result.kept.round).toBe(kept)
    // By hand: the scores of the third output of the model that is left.
    const scores = (model.predict(data().xs) as Tensor).dataSync()
    const missed = many.filter(({ labels }, i) => labels[2] === 1 && scores[3 * i + 2]! < 0).length
    expect(missed).toBe(misses[kept])
  })

  test('criteria by class count the samples with the label, and those without it', async () => {
    const loss = forLabel(weightedCrossentropy(), 1)
    const maskOf = async (samples: object, classes: readonly number[]) => {
      const criterion = forClasses(taylor(), classes as number[])
      const model = fillWeights(chain(3, identity('sigmoid', 3)), 7)
      const scoring = { density: 0.34, criterion, samples: samples as never }
      const mask = await computeMask(model, { ...scoring, select: { keepLastLayer: false } })
      return mask.weights.map(({ values }) => [...values])
    }
    for (const classes of [
      [0, 1],
      [1, 0],
      [1, 2],
    ]) {
      const wanted = await maskOf({ ...of(mixed), label: 1 }, classes)
      expect(await maskOf({ ...of(mixed), loss }, classes)).toEqual(wanted)
      // The rows with the label by hand, as classes of their own.
      const labels = rows.map((row) => row[1]!)
      const model = fillWeights(chain(3, identity('sigmoid', 3)), 7)
      const scored: number[][] = []
      for (const index of [0, 1]) {
        const chosen = rows.map((_, i) => i).filter((i) => labels[i] === index)
        const part = of(
          chosen.map((i) => mixed[i]!),
          chosen.map((i) => rows[i]!),
        )
        const spy = Object.assign(
          (weight: ScoredWeight) => {
            const own = taylor()(weight)
            // The first call is a trial.
            scored[index] = [...own.dataSync()]
            return own
          },
          { needs: taylor().needs!, gather: taylor().gather! },
        )
        const scoring = { density: 0.5, criterion: spy, samples: { ...part, loss } }
        await computeMask(model, { ...scoring, select: { keepLastLayer: false } })
      }
      const total = scored[0]!.map((score, i) => classes[0]! * score + classes[1]! * scored[1]![i]!)
      const highest = [...total].sort((a, b) => b - a).slice(0, 3)
      expect(wanted[0]).toEqual(total.map((score) => Number(highest.includes(score))))
    }
    const asked = async (samples: object) => lateRefusalOf(() => maskOf(samples, [0, 1]))
    expect(await asked({ ...of(mixed), loss: perLabel(weightedCrossentropy()) })).toBe(
      'RangeError: Cannot gather statistics: expected label beside a loss of all labels, to tell classes, got none',
    )
    expect(await asked({ ...of(mixed), label: 1, loss: weightedCrossentropy() })).toBe(
      'RangeError: Cannot gather statistics: expected a loss of labels, such as forLabel(loss, 1), got one of classes',
    )
    expect(await asked({ ...of(mixed), label: 3 })).toContain('got 3')
  })

  test('statistics of all samples take the gradient of all labels', async () => {
    const mask = await computeMask(fillWeights(sigmoids(), 7), {
      density: 0.5,
      criterion: taylor(),
      samples: { ...of(mixed), loss: perLabel(weightedCrossentropy()) },
      select: { keepLastLayer: false },
    })
    expect(mask.weights[0]!.kept).toBe(5)
  })

  test('a teacher of several labels teaches each by itself', async () => {
    const data = of(mixed)
    const before = memory().numTensors
    for (const teacher of [sigmoids(), logits()]) {
      const taught = await withTeacher(teacher, data, { perLabel: true })
      const flat = [...taught.ys.dataSync()]
      expect(taught.ys.shape).toEqual([6, 9])
      for (const [i, row] of rows.entries())
        for (const [l, label] of row.entries()) {
          const [y, zero, z] = flat.slice(9 * i + 3 * l)
          expect(y).toBe(label)
          expect(z! - zero!).toBeCloseTo(mixed[i]![l]!, 3)
        }
      const loss = lossFor(sigmoids(), perLabel(distillation({ weight: 1 })))
      const own = sigmoids().predict(data.xs) as Tensor
      expect(loss(taught.ys, own).dataSync()[0]).toBeCloseTo(0, 5)
      const student = sigmoids()
      await fit(taught, { ...options, loss: perLabel(distillation()) })(contextOf(student))
      expect(weightsOf(student)).not.toEqual(weightsOf(sigmoids()))
    }
    expect(before).toBeGreaterThan(0)
    expect(await lateRefusalOf(async () => withTeacher(sigmoids(), data))).toContain('3 sigmoids')
    expect(
      await lateRefusalOf(async () =>
        withTeacher(chain(3, identity('softmax', 3)), data, { perLabel: true }),
      ),
    ).toContain('a softmax')
    const odd = of(
      right,
      rows.map((row) => row.map((y) => y - 1)),
    )
    expect(
      await lateRefusalOf(async () => withTeacher(logits(), odd, { perLabel: true })),
    ).toContain('expected labels of 0 or 1, got -1 as label 2 of sample 0')
  })

  test('narrowest counts the misses of a sigmoid in a nested model', async () => {
    const nested = chain(1, chain(1, identity('sigmoid', 1)), layers.reshape({ targetShape: [1] }))
    // Misses at -1 and -2, and one false alarm; as logits, all sigmoids would be positive.
    const data = { xs: tensor2d([[3], [-1], [-2], [2], [-4]]), ys: [1, 1, 1, 0, 0] }
    const evaluate = evaluateOn(data, { positiveClass: 1 })
    const found = await narrowest(nested, { budget: 2, evaluate, types: ['float32'] })
    expect([found.feasible, found.original.falseNegatives]).toEqual([true, { 1: 2, 0: 1 }])
  })

  test('narrowest counts the misses of the label', async () => {
    const evaluate = evaluateOn(of(mixed), { positiveClass: 1, label: 1 })
    const found = await narrowest(logits(), { budget: 1, evaluate, types: ['float32', 'int8'] })
    expect([found.feasible, found.original.falseNegatives]).toEqual([true, { 0: 1, 1: 1 }])
  })
})
