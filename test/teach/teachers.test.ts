import { dispose, scalar, type Tensor, tensor2d, tidy, train } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import {
  type DatasetData,
  denseTeacher,
  fit,
  learnFrom,
  magnitude,
  modelTeacher,
  prune,
  type Teacher,
  type TrainingContext,
  weightedCrossentropy,
} from 'tfjs-prune'
import { forLabel } from 'tfjs-prune/losses'
import { describe, expect, test, vi } from 'vitest'
import { weightBits } from '../prune/support.js'
import { refusalOf } from '../support/refusal-of.js'
import { fillWeights, weightsByName } from '../support/weights.js'
import { crossentropy, kl, logitsBy, meanOf, network, rows, samplesOf } from './support.js'

const binary = [0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1]
const evaluate = () => ({ nothing: 0 })
const still = { optimizer: () => train.sgd(0), epochs: 1, batchSize: 12 }

describe('modelTeacher', () => {
  test.each<['linear' | 'sigmoid', 'linear' | 'sigmoid']>([
    ['linear', 'linear'],
    ['sigmoid', 'linear'],
    ['linear', 'sigmoid'],
  ])('modelTeacher teaches by the formula: %s from %s', async (own, other) => {
    const [model, teacher] = [network(1, own), network(1, other, 7)]
    const before = weightBits(teacher)
    const data = samplesOf(binary)
    const { rounds } = await prune(model, {
      train: fit(data, { ...still, loss: weightedCrossentropy() }),
      evaluate,
      schedule: [1, 0.999],
      criterion: magnitude(),
      teach: modelTeacher(teacher, { weight: 0.25, temperature: 3 }),
    })
    const t = logitsBy(weightsByName(teacher), 1)
    const z = logitsBy(weightsByName(model), 1)
    const parts = z.map(([one = 0], i) => [
      crossentropy([0, one], binary[i]!),
      kl([0, t[i]![0]!], [0, one], 3),
    ])
    const [cost, far] = [0, 1].map((which) => meanOf(parts.map((part) => part[which]!)))
    expect(rounds[1]!.trainingLoss).toBeCloseTo(0.75 * cost! + 0.25 * 9 * far!, 5)
    expect(weightBits(teacher)).toEqual(before)
    dispose([data.xs as Tensor, data.ys as Tensor])
    for (const one of [model, teacher]) one.dispose()
  })

  test('modelTeacher pairs inputs and outputs of the same names, whatever their order', async () => {
    const make = (names: readonly string[], heads: readonly string[], seed: number) => {
      const byName: Record<string, SymbolicTensor> = {}
      for (const name of ['a', 'b']) byName[name] = input({ shape: [2], name })
      const joint = layers.concatenate().apply([byName.a!, byName.b!]) as SymbolicTensor
      const outputs = heads.map((name) => {
        const [units, activation] = name === 'c' ? [2, 'softmax' as const] : [1, 'linear' as const]
        return layers.dense({ units, activation, name }).apply(joint) as SymbolicTensor
      })
      return fillWeights(modelOf({ inputs: names.map((name) => byName[name]!), outputs }), seed)
    }
    const half = (from: number) => tensor2d(rows.map((row) => row.slice(from, from + 2)))
    const [a, b] = [half(0), half(1)]
    const teachers = [
      make(['a', 'b'], ['c', 'd'], 7),
      make(['b', 'a'], ['d', 'c'], 7),
      make(['a', 'b'], ['d', 'c'], 7),
    ]
    for (const one of teachers.slice(1))
      for (const name of ['c', 'd'])
        one.getLayer(name).setWeights(teachers[0]!.getLayer(name).getWeights())
    const found: number[][][] = []
    for (const teacher of teachers) {
      await prune(make(['a', 'b'], ['c', 'd'], 1), {
        train: ({ teacher: asked }: TrainingContext) => {
          if (asked) found.push(tidy(() => asked.logits([a, b]).map((one) => [...one.dataSync()])))
        },
        ...{ evaluate, schedule: [1, 0.5], criterion: magnitude(), teach: modelTeacher(teacher) },
      })
    }
    expect(found[0]!.map(({ length }) => length)).toEqual([24, 24])
    expect(found[1]).toEqual(found[0])
    expect(found[2]).toEqual(found[0])
    dispose([a, b])
  })

  test('modelTeacher says in the rounds by whom they were taught, the same for a copy', async () => {
    const made = async (teacher: LayersModel) => {
      const data = samplesOf(binary)
      const options = { evaluate, schedule: [1, 0.5], criterion: magnitude() }
      const teach = modelTeacher(teacher)
      const { rounds } = await prune(network(2, 'linear'), {
        ...options,
        teach,
        train: fit(data, still),
      })
      return rounds[1]!.made!.teaching
    }
    const first = await made(network(2, 'linear', 7))
    expect(first).toMatch(/^weight 0.5, temperature 4, logits, a model of \d/)
    expect(await made(network(2, 'linear', 7))).toBe(first)
    expect(await made(network(2, 'linear', 8))).not.toBe(first)
  })
})

describe('denseTeacher', () => {
  test('denseTeacher teaches only the label of which the loss speaks', async () => {
    const several = binary.map((label, i) => [Number(i % 3 === 0), label, 1 - label])
    const data = samplesOf(several)
    const model = network(3, 'sigmoid')
    let step = 0
    const { rounds } = await prune(model, {
      train: fit(data, {
        ...still,
        loss: forLabel(weightedCrossentropy(), 1),
        optimizer: () => train.sgd(step++ === 0 ? 2 : 0),
      }),
      evaluate,
      schedule: [1, 0.5],
      teach: denseTeacher({ temperature: 2 }),
    })
    const t = logitsBy(rounds[0]!.trained, 3)
    const z = logitsBy(weightsByName(model), 3)
    const values = z.map(
      (row, i) =>
        0.5 * crossentropy([0, row[1]!], several[i]![1]!) +
        0.5 * 4 * kl([0, t[i]![1]!], [0, row[1]!], 2),
    )
    expect(rounds[1]!.trainingLoss).toBeCloseTo(meanOf(values), 5)
    expect(rounds[1]!.made!.teaching).toContain('probabilities of label 1')
    model.dispose()
  })

  test('denseTeacher teaches a model of several inputs by their names, from a dataset too', async () => {
    const make = () => {
      const inputs = ['left', 'right'].map((name) => input({ shape: [2], name }))
      const joined = layers.concatenate().apply(inputs) as SymbolicTensor
      const outputs = layers.dense({ units: 2, name: 'out' }).apply(joined) as SymbolicTensor
      return fillWeights(modelOf({ inputs, outputs }))
    }
    const half = (from: number) => tensor2d(rows.map((row) => row.slice(from, from + 2)))
    const named = () => ({ right: half(1), left: half(0) })
    const batches: DatasetData = {
      iterator: async () => {
        const left = [0]
        return {
          next: async () =>
            left.pop() === 0
              ? { done: false as const, value: { xs: named(), ys: tensor2d(binary, [12, 1]) } }
              : { done: true as const, value: null },
        }
      },
    }
    const losses: number[] = []
    for (const data of [{ xs: named(), ys: binary }, batches]) {
      const { batchSize: _, ...options } = { ...still, optimizer: () => train.sgd(0.2) }
      const { rounds } = await prune(make(), {
        train: fit(data, options),
        evaluate,
        schedule: [1, 0.5, 0.25],
        teach: denseTeacher(),
      })
      losses.push(rounds[2]!.trainingLoss)
    }
    expect(losses[1]).toBeCloseTo(losses[0]!, 6)
  })
})

describe('learnFrom', () => {
  /** A model with two outputs: three classes by a softmax, and one logit. */
  const twoHeads = () => {
    const inputs = input({ shape: [3] })
    const head = (units: number, name: string, activation: 'softmax' | 'linear') =>
      layers.dense({ units, name, activation }).apply(inputs) as SymbolicTensor
    return fillWeights(
      modelOf({ inputs, outputs: [head(3, 'first', 'softmax'), head(1, 'second', 'linear')] }),
    )
  }

  test('learnFrom sums up the outputs of a model, each read as it ends', async () => {
    const model = twoHeads()
    const xs = tensor2d(rows as number[][])
    let found = Number.NaN
    let shapes: number[][] = []
    const { rounds } = await prune(model, {
      train: ({ model: own, teacher }: TrainingContext) => {
        if (!teacher) {
          // Round 0 becomes another network than W0.
          own
            .getLayer('first')
            .setWeights([
              tensor2d(rows.slice(0, 3) as number[][]),
              own.getLayer('first').getWeights()[1]!,
            ])
          own
            .getLayer('second')
            .setWeights([tensor2d([[2], [1], [-1]]), own.getLayer('second').getWeights()[1]!])
          return
        }
        tidy(() => {
          const logits = teacher.logits(xs)
          shapes = logits.map(({ shape }) => shape)
          const outputs = own.apply(xs, { training: true }) as Tensor[]
          found = learnFrom(teacher, { cost: scalar(2), outputs, logits }).dataSync()[0]!
        })
      },
      evaluate,
      schedule: [1, 0.999],
      criterion: magnitude(),
      teach: denseTeacher({ weight: 0.3, temperature: 2 }),
    })
    expect(shapes).toEqual([
      [12, 3],
      [12, 2],
    ])
    const scores = (
      weights: Readonly<Record<string, ArrayLike<number>>>,
      name: string,
      units: number,
    ) =>
      rows.map((row) =>
        Array.from({ length: units }, (_, u) =>
          row.reduce(
            (sum, value, i) => sum + value * weights[`${name}/kernel`]![i * units + u]!,
            weights[`${name}/bias`]![u]!,
          ),
        ),
      )
    const now = weightsByName(model)
    const dense = rounds[0]!.trained
    const [t1, z1] = [dense, now].map((weights) => scores(weights, 'first', 3))
    const [t2, z2] = [dense, now].map((weights) => scores(weights, 'second', 1))
    const far =
      meanOf(rows.map((_, i) => kl(t1![i]!, z1![i]!, 2))) +
      meanOf(rows.map((_, i) => kl([0, t2![i]![0]!], [0, z2![i]![0]!], 2)))
    expect(far).toBeGreaterThan(0.05)
    expect(found).toBeCloseTo(0.7 * 2 + 0.3 * 4 * far, 5)
    xs.dispose()
    model.dispose()
  })

  test('learnFrom gives the cost itself without a teacher', () => {
    const cost = scalar(3)
    expect(learnFrom(undefined, { cost, outputs: cost, logits: undefined })).toBe(cost)
    cost.dispose()
  })

  test('learnFrom refuses logits that are left out, or of other shapes; allLogits several outputs', async () => {
    const xs = tensor2d(rows as number[][])
    const check = vi.fn(async (teacher: Teacher, model: LayersModel) => {
      const outputs = model.predict(xs) as Tensor[]
      const logits = teacher.logits(xs)
      const cost = scalar(1)
      const refused = (parts: object) =>
        refusalOf(() => learnFrom(teacher, { cost, outputs, logits, ...parts }))
      const cannot = 'TypeError: Cannot learn: expected'
      expect(refused({ logits: undefined })).toBe(
        `${cannot} 36 logits of the teacher as output 0, got none`,
      )
      expect(refused({ logits: logits[0] })).toBe(
        `${cannot} 24 logits of the teacher as output 1, got none`,
      )
      expect(refused({ logits: [logits[1], logits[0]] })).toBe(
        `${cannot} 36 logits of the teacher as output 0, got 24`,
      )
      expect(refused({ outputs: outputs[0] })).toBe(
        `${cannot} outputs of the model as output 1, got none`,
      )
      await expect(teacher.allLogits({ xs })).rejects.toThrow(
        'Cannot teach: expected a model with one output, got 2',
      )
      dispose([cost, ...outputs, ...logits])
    })
    await prune(twoHeads(), {
      train: async ({ teacher, model }) => void (teacher && (await check(teacher, model))),
      evaluate,
      schedule: [1, 0.5],
      criterion: magnitude(),
      teach: denseTeacher(),
    })
    expect(check).toHaveBeenCalledTimes(1)
    xs.dispose()
  })
})

test('a teacher takes options that an object inherits', async () => {
  const model = network(1, 'linear')
  const { description } = await denseTeacher(Object.create({ weight: 0.25 })).open({
    ...{ model, weights: [], outputs: (asked) => asked },
  })
  expect(description).toContain('weight 0.25')
})

test.each(['dense', 'model'])(
  'a %s teacher keeps its options when the caller changes them',
  async (kind) => {
    const [model, other] = [network(1, 'linear'), network(1, 'linear', 7)]
    const data = samplesOf(binary)
    const options = { weight: 0.25, temperature: 3 }
    const teach = kind === 'dense' ? denseTeacher(options) : modelTeacher(other, options)
    Object.assign(options, { weight: 1, temperature: 9 })
    const { rounds } = await prune(model, {
      train: fit(data, { ...still, loss: weightedCrossentropy() }),
      evaluate,
      schedule: [1, 0.999],
      criterion: magnitude(),
      teach,
    })
    expect(rounds[1]!.made?.teaching).toContain('weight 0.25, temperature 3')
    dispose([data.xs as Tensor, data.ys as Tensor])
    for (const one of [model, other]) one.dispose()
  },
)
