import {
  memory,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tensor2d,
  train,
} from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers } from '@tensorflow/tfjs-layers'
import {
  classDependent,
  computeMask,
  denseMask,
  type Evaluation,
  evaluateOn,
  fit,
  type Loss,
  lossFor,
  normalised,
  prune,
  taylor,
  weightedCrossentropy,
  withTeacher,
} from 'tfjs-prune'
import { certify } from 'tfjs-prune/certify'
import {
  byRound,
  distillation,
  falseNegativeBudget,
  squaredHingeRank,
  sumOf,
} from 'tfjs-prune/losses'
import { beforeAll, describe, expect, test } from 'vitest'
import { weightBits } from '../prune/support.js'
import { chain, identity, merged } from '../support/endings.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'

/**
 * Logits of two classes: two of three positives are found, and one of three negatives is mistaken.
 */
const rows = [
  [2, -1],
  [-0.5, 0.25],
  [0.3, 0.2],
  [-3, 1],
  [1, -2],
  [0.5, 4],
]
const labels = [0, 0, 1, 1, 0, 1]
const data = { xs: rows, ys: labels }
const confusion = { truePositives: 2, falseNegatives: 1, falsePositives: 1, trueNegatives: 2 }

const reshape = (...targetShape: number[]) => layers.reshape({ targetShape })
const softmaxEndings: Record<string, () => LayersModel> = {
  'before reshape': () => chain(2, identity('softmax'), reshape(2, 1), reshape(2)),
  'before flatten': () => chain(2, identity('softmax'), reshape(1, 2), layers.flatten()),
  'before dropout': () => chain(2, identity('softmax'), layers.dropout({ rate: 0.5 })),
  'before a linear activation': () =>
    chain(2, identity('softmax'), layers.activation({ activation: 'linear' })),
  'before permute': () =>
    chain(
      2,
      identity('softmax'),
      reshape(2, 1),
      layers.permute({ dims: [2, 1] }),
      layers.flatten(),
    ),
  'in a nested model': () => chain(2, chain(2, identity('softmax'))),
  'in branches that are averaged': () =>
    merged(2, layers.average(), identity('softmax'), identity('softmax')),
  'in time steps that are averaged': () =>
    chain(
      2,
      layers.repeatVector({ n: 2 }),
      layers.timeDistributed({ layer: identity('softmax') }),
      layers.globalAveragePooling1d({}),
    ),
  'as a layer': () => chain(2, identity('linear'), layers.softmax()),
}

const pairs = Object.entries(softmaxEndings).map(([where, of]) => ({ where, of }))
const cannotTell = () => chain(2, identity('softmax'), layers.rescaling({ scale: 1 }))
const valuesOf = (model: LayersModel) => Object.values(weightBits(model))
const scoresOf = ({ scores }: Evaluation) => [...scores!].map((score) => expect.closeTo(score, 4))

describe('the output of a model', () => {
  test.each(pairs)('evaluateOn reads a softmax $where as probabilities', async ({ of }) => {
    const evaluate = evaluateOn(data, { positiveClass: 1 })
    const wanted = await evaluate(chain(2, identity('linear')))
    const found = await evaluate(of())
    expect(wanted.confusion).toEqual(confusion)
    expect(found.confusion).toEqual(confusion)
    expect([...found.scores!]).toEqual(scoresOf(wanted))
    expect(found.loss).toBeCloseTo(wanted.loss, 5)
  })

  test('evaluateOn reads one sigmoid, plain or in a nested model, as a probability', async () => {
    const one = { xs: rows.map(([a, b]) => [b! - a!]), ys: labels }
    const evaluate = evaluateOn(one, { positiveClass: 1 })
    const wanted = await evaluate(chain(1, identity('linear', 1)))
    expect(wanted.confusion).toEqual(confusion)
    const sigmoid = () => identity('sigmoid', 1)
    for (const of of [chain(1, sigmoid()), chain(1, chain(1, sigmoid()), reshape(1))]) {
      const found = await evaluate(of)
      expect(found.confusion).toEqual(confusion)
      expect([...found.scores!]).toEqual(scoresOf(wanted))
    }
    const hard = await evaluate(chain(1, identity('hardSigmoid', 1)))
    expect(hard.confusion).toEqual(confusion)
  })

  test.each(pairs)('fit trains a softmax $where on its logarithm', async ({ of }) => {
    const settings = { optimizer: () => train.sgd(0.1), epochs: 2 }
    const [told, auto] = [of(), of()]
    const loss = classDependent({ gamma: 5, output: 'probabilities' })
    const first = await fit(data, { ...settings, loss })(contextOf(told))
    const second = await fit(data, { ...settings, loss: classDependent({ gamma: 5 }) })(
      contextOf(auto),
    )
    if (!of().layers.some((layer) => layer.getClassName() === 'Dropout'))
      expect([second, valuesOf(auto)]).toEqual([first, valuesOf(told)])
    expect(valuesOf(auto)).not.toEqual(valuesOf(of()))
  })

  test('fit gives a softmax and its logits the same first loss', async () => {
    const settings = { optimizer: () => train.sgd(1e-9), epochs: 1 }
    const lossOf = async (model: LayersModel) => {
      const result = await fit(data, { ...settings, loss: weightedCrossentropy() })(
        contextOf(model),
      )
      return (result as { loss: number }).loss
    }
    const wanted = await lossOf(chain(2, identity('linear')))
    expect(await lossOf(chain(2, chain(2, identity('softmax'))))).toBeCloseTo(wanted, 5)
  })

  test('fit, evaluateOn and statistics ask where a model does not tell, and change nothing', async () => {
    const model = cannotTell()
    const before = weightBits(model)
    const training = fit(data, { optimizer: () => train.sgd(0.1), epochs: 1 })
    const asked = /^RangeError: Cannot .+: expected a model that tells its output, got .+Rescaling/
    const work = [
      () => training(contextOf(model)),
      () => evaluateOn(data, { positiveClass: 1 })(model),
      () => withTeacher(model, data),
      () => computeMask(model, { density: 0.5, criterion: taylor(), samples: data }),
    ]
    for (const one of work) expect(await lateRefusalOf(async () => one())).toMatch(asked)
    expect(refusalOf(() => lossFor(model, weightedCrossentropy()))).toMatch(asked)
    expect(weightBits(model)).toEqual(before)
    const output = 'probabilities'
    const told = await evaluateOn(data, { positiveClass: 1, output })(model)
    expect(told.confusion).toEqual(confusion)
    const loss = weightedCrossentropy({ output })
    await fit(data, { optimizer: () => train.sgd(0.1), epochs: 1, loss })(contextOf(model))
    expect(weightBits(model)).not.toEqual(before)
  })

  test('one score that is never negative is no logit unless that is said', async () => {
    const one = { xs: [[3], [-1], [2], [-4]], ys: [1, 1, 0, 0] }
    const model = () => chain(1, identity('relu', 1))
    const asked =
      /^RangeError: Cannot .+ expected a model that tells its output, got .+never negative/
    const evaluate = evaluateOn(one, { positiveClass: 1 })
    expect(await lateRefusalOf(async () => evaluate(model()))).toMatch(asked)
    const training = fit(one, { optimizer: () => train.sgd(0.1), epochs: 1 })
    expect(await lateRefusalOf(async () => training(contextOf(model())))).toMatch(asked)
    expect(refusalOf(() => lossFor(model(), weightedCrossentropy()))).toMatch(asked)
    // Every sample is positive then: nothing is missed, and nothing is told apart.
    const told = await evaluateOn(one, { positiveClass: 1, output: 'logits' })(model())
    const all = { truePositives: 2, falseNegatives: 0, falsePositives: 2, trueNegatives: 0 }
    expect(told.confusion).toEqual(all)
    const tanh = await evaluate(chain(1, identity('tanh', 1), identity('linear', 1)))
    expect(tanh.confusion).toEqual({
      ...all,
      truePositives: 1,
      falseNegatives: 1,
      falsePositives: 1,
      trueNegatives: 1,
    })
  })

  test('two sigmoids are not taken for a softmax unless that is said', async () => {
    const model = chain(2, identity('sigmoid'))
    const evaluate = evaluateOn(data, { positiveClass: 1 })
    expect(await lateRefusalOf(async () => evaluate(model))).toContain('2 sigmoids')
    const told = evaluateOn(data, { positiveClass: 1, output: 'probabilities' })
    expect((await told(model)).confusion).toEqual(confusion)
  })

  test('a prune of a nested softmax is the prune of its logits', async () => {
    const init = (seed: number) => initializers.glorotUniform({ seed })
    const reports = async (activation: 'softmax' | 'linear') => {
      const head = chain(3, layers.dense({ units: 2, activation, kernelInitializer: init(2) }))
      const hidden = layers.dense({ units: 3, activation: 'tanh', kernelInitializer: init(1) })
      const { rounds } = await prune(chain(2, hidden, head), {
        train: fit(data, {
          optimizer: () => train.sgd(0.1),
          epochs: 30,
          loss: byRound(() => weightedCrossentropy()),
        }),
        evaluate: evaluateOn(data, { positiveClass: 1 }),
        schedule: [1, 0.6],
      })
      return rounds.map(({ trainingLoss, evaluation: { loss, auc } }) => [trainingLoss, loss, auc])
    }
    const [softmax, linear] = [await reports('softmax'), await reports('linear')]
    for (const [round, values] of linear.entries())
      expect(softmax[round]).toEqual(values.map((value) => expect.closeTo(value, 4)))
    expect(linear[0]![1]).toBeLessThan(0.6)
  })

  test('statistics take the gradient of the logarithm of a nested softmax', async () => {
    const of = () => chain(2, chain(2, identity('softmax')))
    const criterion = normalised(taylor(), 'sum')
    const samplesOf = (loss?: Loss) => ({ ...data, ...(loss && { loss }) })
    const maskOf = async (loss?: Loss) => {
      const mask = await computeMask(of(), { density: 0.5, criterion, samples: samplesOf(loss) })
      return mask.weights.map(({ values }) => [...values])
    }
    const own = { weights: [1, 4] }
    expect(await maskOf(weightedCrossentropy(own))).toEqual(
      await maskOf(weightedCrossentropy({ ...own, output: 'probabilities' })),
    )
  })

  test('withTeacher and distillation agree on a softmax before dropout', async () => {
    const of = () => chain(2, identity('softmax'), layers.dropout({ rate: 0.1 }))
    const taught = await withTeacher(of(), data)
    const columns = [...taught.ys.dataSync()]
    for (const [i, row] of rows.entries())
      expect(columns[3 * i + 2]! - columns[3 * i + 1]!).toBeCloseTo(row[1]! - row[0]!, 4)
    const loss = lossFor(of(), distillation({ weight: 1 }))
    expect(loss.settings?.output).toBe('probabilities')
    const own = of().predict(tensor2d(rows)) as ReturnType<typeof tensor2d>
    expect(loss(taught.ys, own).dataSync()[0]).toBeCloseTo(0, 5)
  })

  test('certify scores a nested softmax by its log-odds', async () => {
    const calibration = () => ({
      xs: tensor2d(Array.from({ length: 200 }, (_, i) => [Math.sin(i), i % 2 ? 3 : -3])),
      ys: Int32Array.from({ length: 200 }, (_, i) => i % 2),
    })
    const risks = {
      positiveClass: 1,
      maximumFalseNegativeRate: 0.05,
      maximumFalsePositiveRate: 0.1,
      confidence: 0.95,
    }
    const thresholdOf = async (model: LayersModel) => {
      const training = {
        xs: tensor2d([
          [0, 0],
          [1, 1],
        ]),
        ys: [0, 1],
      }
      const { rounds } = await prune(model, {
        train: async () => {},
        evaluate: evaluateOn(training, { positiveClass: 1 }),
        schedule: [1],
        previous: denseMask(model),
      })
      const certificate = await certify(rounds, { model, calibration: calibration(), ...risks })
      return certificate.accepted!.threshold
    }
    const wanted = await thresholdOf(chain(2, identity('linear')))
    expect(await thresholdOf(chain(2, chain(2, identity('softmax'))))).toBeCloseTo(wanted, 4)
    expect(wanted).toBeGreaterThan(1)
  })
})

describe('lossFor', () => {
  const nested = () => chain(1, chain(1, identity('sigmoid', 1)))
  let ys: Tensor1D
  let p: Tensor1D
  beforeAll(() => {
    ;[ys, p] = [tensor1d([1, 0]), tensor1d([0.9, 0.2])]
  })
  const crossentropy = -(Math.log(0.9) + Math.log(0.8)) / 2

  test('lossFor binds a loss to what the model puts out', () => {
    const bound = lossFor(nested(), weightedCrossentropy())
    expect(bound(ys, p).dataSync()[0]).toBeCloseTo(crossentropy, 5)
    expect(bound.forOutput).toBeUndefined()
    const logits = lossFor(chain(1, identity('linear', 1)), weightedCrossentropy())
    expect(logits(ys, p).dataSync()[0]).toBe(weightedCrossentropy()(ys, p).dataSync()[0])
    expect(logits.settings?.output).toBe('logits')
  })

  test('lossFor leaves a loss of the caller and one that was told as they are', () => {
    const own: Loss = (yTrue, yPred) => weightedCrossentropy()(yTrue, yPred)
    const told = weightedCrossentropy({ output: 'probabilities' })
    expect(lossFor(nested(), own)).toBe(own)
    expect(lossFor(nested(), told)).toBe(told)
    expect(
      refusalOf(() => lossFor(nested(), weightedCrossentropy({ output: 'logits' }))),
    ).toContain('got one that ends in a sigmoid')
    expect(refusalOf(() => lossFor({} as LayersModel, own))).toMatch(/^TypeError: .+LayersModel/)
    expect(refusalOf(() => lossFor(nested(), {} as Loss))).toMatch(/^TypeError: .+ function/)
  })

  test('lossFor names a factory that was not called, and takes a loss of any number of arguments', () => {
    for (const [name, factory] of Object.entries({ weightedCrossentropy, squaredHingeRank, sumOf }))
      expect(refusalOf(() => lossFor(nested(), factory as unknown as Loss))).toBe(
        'TypeError: Cannot choose the loss of a model: expected loss to be a loss, got a factory: ' +
          `${name} is a function that makes a loss: call it, ${name}()`,
      )
    const own = (...batch: Tensor[]) => weightedCrossentropy()(batch[0]!, batch[1]!)
    const failing = () => {
      throw new RangeError('not for zeros')
    }
    const model = nested()
    const built = memory().numTensors
    expect(lossFor(model, own)).toBe(own)
    expect(lossFor(model, failing)).toBe(failing)
    expect(memory().numTensors).toBe(built)
  })

  test('sumOf passes the output on, and a part that was told tells the others', () => {
    const sum = sumOf(weightedCrossentropy(), squaredHingeRank({ lambda: 2 }))
    const apart = [
      weightedCrossentropy({ output: 'probabilities' })(ys, p),
      squaredHingeRank({ lambda: 2, output: 'probabilities' })(ys, p),
    ]
    const wanted = apart.reduce((total, value) => total + value.dataSync()[0]!, 0)
    expect(lossFor(nested(), sum)(ys, p).dataSync()[0]).toBeCloseTo(wanted, 4)
    const half = sumOf(
      weightedCrossentropy(),
      squaredHingeRank({ lambda: 2, output: 'probabilities' }),
    )
    expect(half.settings?.output).toBe('probabilities')
    expect(half(ys, p).dataSync()[0]).toBeCloseTo(wanted, 4)
  })

  test('falseNegativeBudget learns for all outputs at once', () => {
    const budget = falseNegativeBudget({
      positiveClass: 1,
      maximumFalseNegativeRate: 0.1,
      ...{ stepSize: 10, decay: 1, maximumMultiplier: 100 },
    })
    const bound = lossFor(nested(), budget)
    bound.update([0, 0.6])
    expect([budget.multipliers, bound.multipliers]).toEqual([{ 1: 5 }, { 1: 5 }])
    const weights = weightedCrossentropy({ weights: [1, 6], output: 'probabilities' })
    expect(bound(ys, p).dataSync()[0]).toBeCloseTo(weights(ys, p).dataSync()[0]!, 5)
    const sum = lossFor(nested(), sumOf(budget, squaredHingeRank({ lambda: 0 })))
    ;(sum as typeof budget).update([0, 0.2])
    expect(budget.multipliers[1]).toBeCloseTo(6, 10)
  })
})
