import { memory, type Tensor, tensor2d, train } from '@tensorflow/tfjs-core'
import { type LayersModel, layers } from '@tensorflow/tfjs-layers'
import {
  computeMask,
  evaluateOn,
  falseNegativesAtMost,
  fit,
  forClasses,
  type Loss,
  lossFor,
  prune,
  type Round,
  type ScoredWeight,
  splitByRole,
  stratifiedBatches,
  taylor,
  wanda,
  weightedCrossentropy,
  withTeacher,
} from 'tfjs-prune'
import { certify } from 'tfjs-prune/certify'
import { narrowest } from 'tfjs-prune/files'
import {
  distillation,
  falseNegativeBudget,
  focal,
  forLabel,
  perLabel,
  squaredHingeRank,
  sumOf,
} from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { chain, identity } from '../support/endings.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { fillWeights } from '../support/weights.js'
import { contextOf } from './context.js'

const rows = [
  [1, 1, 0],
  [0, 1, 1],
  [1, 0, 0],
  [0, 0, 0],
  [1, 1, 1],
  [0, 1, 0],
]
/** Logits that are right everywhere, of different sizes. */
const right = rows.map((row, i) => row.map((label, l) => (label ? 1 : -1) * (1 + i + 0.5 * l)))
/** The same, but for label 1: a miss in sample 4 and a false alarm in sample 3. */
const mixed = right.map((row, i) => row.map((z, l) => (l === 1 && (i === 3 || i === 4) ? -z : z)))
const of = (logits: readonly number[][], ys: readonly number[][] = rows) => ({
  xs: tensor2d(logits.map((row) => [...row])),
  ys: tensor2d(ys.map((row) => [...row])),
})
const sigmoids = () => chain(3, identity('sigmoid', 3))
const logits = () => chain(3, identity('linear', 3))
const options = { optimizer: () => train.sgd(0.1), epochs: 1 }
const confusionOf = (tp: number, fn: number, fp: number, tn: number) => ({
  truePositives: tp,
  falseNegatives: fn,
  falsePositives: fp,
  trueNegatives: tn,
})
const risks = {
  positiveClass: 1,
  maximumFalseNegativeRate: 0.1,
  maximumFalsePositiveRate: 0.2,
  confidence: 0.9,
}

/** A round whose samples are never looked at. */
const round = { round: 0, density: 1 } as Round

describe('rows with several classes, or none', () => {
  const wrong = {
    'several ones': [1, 1, 0],
    'no one': [0, 0, 0],
    'minus one and one': [-1, 1, -1],
    'minus one that sums to 1': [-1, 1, 1],
    NaN: [Number.NaN, 1, 0],
    'more than 1': [2, 0, 0],
  }
  const message = (task: string, row: readonly number[]) =>
    `RangeError: Cannot ${task}: expected rows with one class as labels, got ` +
    `[${row.join(', ')}] for sample 1: for several labels a sample give label, ` +
    'and forLabel or perLabel as loss'

  test.each(Object.entries(wrong))(
    '%s in a row is refused wherever classes are read',
    async (_, row) => {
      const data = of(right.slice(0, 3), [[0, 1, 0], row, [1, 0, 0]])
      const model = chain(3, identity('softmax', 3))
      const before = [...model.getWeights()[0]!.dataSync()]
      expect(refusalOf(() => evaluateOn(data, { positiveClass: 1 }))).toBe(message('evaluate', row))
      const dataset = {
        iterator: async () => {
          const batches = [{ xs: data.xs.clone(), ys: data.ys.clone() }]
          return {
            next: async () => {
              const value = batches.pop()
              return value ? { done: false as const, value } : { done: true as const, value: null }
            },
          }
        },
      }
      const losses = [undefined, focal(), sumOf(focal({ positiveClass: 2 }), squaredHingeRank())]
      for (const loss of losses)
        for (const one of [data, dataset]) {
          const training = fit(one, loss ? { ...options, loss } : options)
          expect(await lateRefusalOf(async () => training(contextOf(model)))).toBe(
            message('train', row),
          )
        }
      expect(await lateRefusalOf(async () => withTeacher(model, data))).toBe(
        message('add a teacher', row),
      )
      for (const criterion of [
        taylor(),
        forClasses(taylor(), { 1: 1 }),
        forClasses(wanda(), [1]),
      ]) {
        const scoring = { density: 0.5, criterion, samples: data }
        expect(await lateRefusalOf(() => computeMask(model, scoring))).toBe(
          message('gather statistics', row),
        )
      }
      const own: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
      const scoring = {
        density: 0.5,
        criterion: forClasses(taylor(), [1]),
        samples: { ...data, loss: own },
      }
      expect(await lateRefusalOf(() => computeMask(model, scoring))).toBe(
        message('gather statistics', row),
      )
      const { rounds } = await prune(model, {
        train: async () => {},
        evaluate: evaluateOn({ xs: data.xs, ys: [0, 1, 2] }, { positiveClass: 1 }),
        schedule: [1],
      })
      const calibration = of(right.slice(0, 3), [[0, 1, 0], row, [1, 0, 0]])
      expect(await lateRefusalOf(() => certify(rounds, { ...risks, model, calibration }))).toBe(
        message('certify', row),
      )
      expect([...model.getWeights()[0]!.dataSync()]).toEqual(before)
    },
  )

  test('rows of minus one and one, and labels of them, are refused with two outputs', async () => {
    const two = {
      xs: tensor2d([
        [1, 0],
        [0, 1],
      ]),
      ys: tensor2d([
        [-1, 1],
        [1, -1],
      ]),
    }
    const model = chain(2, identity('softmax'))
    expect(refusalOf(() => evaluateOn(two, { positiveClass: 1 }))).toContain('got [-1, 1]')
    const training = (ys: number[] | Tensor) => fit({ xs: two.xs, ys }, options)(contextOf(model))
    for (const ys of [
      [-1, 1],
      tensor2d([[-1], [1]]),
      [Number.NaN, 1],
      tensor2d([[Number.NaN], [1]]),
    ])
      expect(await lateRefusalOf(async () => training(ys))).toMatch(
        /^RangeError: Cannot train: expected class indices below 2 as labels, got (-1|NaN) for sample 0$/,
      )
  })

  test('statistics by class and certificates want class indices, whatever the loss', async () => {
    const own: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
    const model = chain(1, identity('sigmoid', 1))
    const samples = { xs: tensor2d([[1], [2], [3]]), ys: [1, -1, 1], loss: own }
    const scoring = { density: 0.5, criterion: forClasses(taylor(), { 1: 1 }), samples }
    const refused = (task: string) =>
      `RangeError: Cannot ${task}: expected class indices as labels, got -1 for sample 1`
    expect(await lateRefusalOf(() => computeMask(model, scoring))).toBe(
      refused('gather statistics'),
    )
    const calibration = { xs: samples.xs, ys: samples.ys }
    expect(await lateRefusalOf(() => certify([round], { ...risks, model, calibration }))).toBe(
      refused('certify'),
    )
  })

  test('long rows are cut short, and a tie has no class to measure', async () => {
    const row = Array.from({ length: 12 }, (_, i) => Number(i % 2 === 0))
    const data = { xs: tensor2d([row]), ys: tensor2d([row]) }
    expect(refusalOf(() => evaluateOn(data, { positiveClass: 1 }))).toContain(
      'got [1, 0, 1, 0, 1, 0, 1, 0, ...] for sample 0',
    )
    const tie = { xs: tensor2d([[1, 2]]), ys: tensor2d([[0.5, 0.5]]) }
    expect(refusalOf(() => evaluateOn(tie, { positiveClass: 1 }))).toContain('got [0.5, 0.5]')
  })

  test('soft rows that sum to 1 are classes as before, rounding included', async () => {
    const soft = [
      [0.1, 0.7, 0.2],
      [1 / 3 + 1e-6, 1 / 3, 1 / 3],
      [0, 0, 1],
    ]
    const data = of(right.slice(0, 3), soft)
    const { labels } = await evaluateOn(data, { positiveClass: 1 })(
      chain(3, identity('softmax', 3)),
    )
    expect([...labels!]).toEqual([1, 0, 2])
    const even = of(right.slice(0, 2), [
      [0.5, 0.5, 0],
      [0, 1, 0],
    ])
    await fit(even, options)(contextOf(chain(3, identity('softmax', 3))))
  })

  test('class indices in a column stay', async () => {
    const data = {
      xs: tensor2d([
        [2, -1],
        [0, 3],
      ]),
      ys: tensor2d([[0], [1]]),
    }
    const { confusion } = await evaluateOn(data, { positiveClass: 1 })(chain(2, identity('linear')))
    expect(confusion).toEqual(confusionOf(1, 0, 0, 1))
    await fit(data, options)(contextOf(chain(2, identity('linear'))))
  })

  test('batches and splits by class want class indices', () => {
    for (const [labels, got] of [
      [[0, -1], '-1'],
      [[0, Number.NaN], 'NaN'],
      [[0, 0.5], '0.5'],
      [[0, [1, 0]], '1,0'],
    ] as [number[], string][]) {
      const wanted = `expected label 1 to be a class index, got ${got}`
      expect(refusalOf(() => stratifiedBatches({ labels }))).toContain(
        `Error: Cannot draw batches: ${wanted}`,
      )
      expect(refusalOf(() => splitByRole(labels, { shares: { train: 1 } }))).toContain(
        `Error: Cannot split the data: ${wanted}`,
      )
    }
  })
})

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
      /expected a model that tells its output, got .*3 sigmoids.*: give label for each, or say/
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
    const loss = sumOf(perLabel(weightedCrossentropy()), forLabel(budget, 1))
    expect(
      await lateRefusalOf(async () => fit(of(mixed), { ...still, loss })(contextOf(logits()))),
    ).toContain('expected measure for a loss with an update step, got all labels without it')
    const measure = evaluateOn(of(mixed), { positiveClass: 1, label: 1 })
    await fit(of(mixed), { ...still, loss, measure })(contextOf(logits()))
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
