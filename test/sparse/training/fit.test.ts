import { memory, randomNormal, type Tensor, train } from '@tensorflow/tfjs-core'
import { initializers, layers, regularizers, sequential } from '@tensorflow/tfjs-layers'
import {
  denseTeacher,
  evaluateOn,
  fineTune,
  fit,
  movement,
  type PruneOptions,
  prune,
  type Round,
  rewindLearningRate,
  rewindTo,
  shiftImages,
  weightedCrossentropy,
} from 'tfjs-prune'
import { falseNegativeBudget } from 'tfjs-prune/losses'
import { sparseTraining } from 'tfjs-prune/sparse/training'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import './support.js'

const seeded = (seed: number) => ({ kernelInitializer: initializers.heNormal({ seed }) })

const network = (more = {}) =>
  sequential({
    layers: [
      layers.conv2d({
        ...{ name: 'first', filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' },
        ...{ inputShape: [8, 8, 1], ...seeded(1) },
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ name: 'hidden', units: 12, activation: 'relu', ...seeded(3), ...more }),
      layers.dropout({ rate: 0.2, seed: 3 }),
      layers.dense({ name: 'last', units: 2, ...seeded(4) }),
    ],
  })

let xs: Tensor
const ys = Int32Array.from({ length: 50 }, (_, i) => Number(i % 5 === 0))
beforeAll(() => {
  xs = randomNormal([50, 8, 8, 1], 0, 1, 'float32', 3)
})
afterAll(() => xs.dispose())

type Options = Partial<PruneOptions> & { readonly fitting?: object }

async function run(engine: object, { fitting, ...options }: Options = {}, more = {}) {
  const model = network(more)
  const optimizer = () => train.adam(0.01)
  const common = { optimizer, epochs: 3, batchSize: 16, clipNorm: 1 }
  const { rounds } = await prune(model, {
    train: fit({ xs, ys }, { ...common, ...fitting, ...engine }),
    evaluate: evaluateOn({ xs, ys }, { positiveClass: 1 }),
    ...{ schedule: [1, 0.5, 0.25], ...options },
  })
  model.dispose()
  return rounds
}

const always = { engine: sparseTraining({ when: 'always' }) }

function compare(tfjs: readonly Round[], sparse: readonly Round[]): void {
  for (const [i, round] of sparse.entries()) {
    expect(round.engine).toEqual({ name: 'sparse', why: 'as asked for' })
    expect(round.trainingLoss).toBeCloseTo(tfjs[i]!.trainingLoss, 4)
    for (const [k, { values }] of round.mask.weights.entries())
      expect(values).toEqual(tfjs[i]!.mask.weights[k]!.values)
    let [worst, largest] = [0, 0]
    for (const [name, values] of Object.entries(round.trained)) {
      for (const [k, value] of values.entries()) {
        largest = Math.max(largest, Math.abs(value))
        worst = Math.max(worst, Math.abs(value - tfjs[i]!.trained[name]![k]!))
      }
    }
    expect(worst / largest).toBeLessThan(1e-4)
  }
}

describe('prune with compiled training', () => {
  it.each([
    ['plain', {}],
    ['a teacher', { teach: denseTeacher() }],
    ['fine-tuning', { rewind: fineTune() }],
    ['rewound rates', { rewind: rewindLearningRate() }],
    ['rewound to a step', { rewind: rewindTo({ step: 3 }) }],
    ['rewound to an epoch', { rewind: rewindTo({ epoch: 1 }) }],
    [
      'a budget',
      {
        fitting: { loss: falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 }) },
      },
    ],
    ['rates by epoch', { fitting: { learningRate: (epoch: number) => 0.01 / (epoch + 1) } }],
    ['whole ends', { spareEnds: true }],
    ['a loss of rows', { fitting: { loss: weightedCrossentropy({ weights: 3 }) } }],
    [
      'a loss of rows, and images that are shifted',
      { fitting: { loss: weightedCrossentropy(), augment: shiftImages({ pixels: 1 }) } },
    ],
    [
      'a loss of rows, a teacher and a step to rewind to',
      {
        ...{ teach: denseTeacher(), rewind: rewindTo({ step: 3 }) },
        fitting: { loss: weightedCrossentropy() },
      },
    ],
  ] as [string, Options][])('%s: masks and weights are those of tfjs', async (_, options) => {
    const tensors = memory().numTensors
    const tfjs = await run({}, options)
    const sparse = await run(always, options)
    expect(memory().numTensors).toBe(tensors)
    expect(sparse.length).toBe(3)
    compare(tfjs, sparse)
  })

  it('gives the same bits again', async () => {
    const [a, b] = [await run(always), await run(always)]
    expect(a.map(({ trained }) => trained)).toEqual(b.map(({ trained }) => trained))
  })
})

describe('sparseTraining', () => {
  it('leaves to tfjs whatever it cannot train, and says why', async () => {
    const engine = { engine: sparseTraining() }
    const whyOf = (rounds: readonly Round[]) => rounds.map(({ engine }) => engine!)
    const decayed = { kernelRegularizer: regularizers.l2({ l2: 0.01 }) }
    const schedule = [1]
    const [decay] = whyOf(await run(engine, { schedule }, decayed))
    expect(decay!.name).toBe('tfjs')
    expect(decay!.why).toBe('the model has regularisers')
    const [mish] = whyOf(await run(engine, { schedule }, { activation: 'mish' }))
    expect(mish!.name).toBe('tfjs')
    expect(mish!.why).toBe('the activation mish has no gradient here')
    const fitting = { optimizer: () => train.adagrad(0.01) }
    const [adagrad] = whyOf(await run(engine, { schedule, fitting }))
    expect(adagrad!.why).toBe('the optimizer is Adagrad')
    const [watched] = whyOf(await run(engine, { schedule, criterion: movement() }))
    expect(watched!.why).toMatch('the criterion looks at each step')
  })

  it('refuses these with always, before anything is trained', async () => {
    const fitting = { optimizer: () => train.adagrad(0.01) }
    await expect(run(always, { fitting })).rejects.toThrow(
      /got one of which the optimizer is Adagrad/,
    )
  })

  it('checks its options', () => {
    expect(() => sparseTraining({ when: 'never' as 'always' })).toThrow(/'faster'|faster/)
    expect(() =>
      fit({ xs, ys }, { optimizer: () => train.sgd(1), epochs: 1, engine: {} as never }),
    ).toThrow(/engine with the function openTraining/)
  })
})
