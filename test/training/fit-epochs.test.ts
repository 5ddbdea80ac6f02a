import { mul, type Optimizer, train } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  type BestEpoch,
  classDependent,
  type Evaluation,
  evaluateOn,
  type FitOptions,
  fit,
  type Loss,
  type TrainingContext,
  type TrainingData,
  type TrainingPosition,
  weightedCrossentropy,
} from 'tfjs-prune'
import { byEpoch, byRound, falseNegativeBudget } from 'tfjs-prune/losses'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { imbalancedSamples, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { contextOf } from './context.js'

let data: Samples
let model: LayersModel
beforeAll(() => {
  data = imbalancedSamples(20)
})
afterAll(() => data.xs.dispose())
beforeEach(() => {
  model = smallNetwork()
})
afterEach(() => model.dispose())

/** Trains the model, three steps an epoch, and returns its bits after each epoch. */
async function epochsOf(options: Partial<FitOptions>, parts: Partial<TrainingContext> = {}) {
  const bits: ReturnType<typeof weightBits>[] = []
  const checkpoint = async ({ batch }: Partial<TrainingPosition>) => {
    if (batch === 0) bits.push(weightBits(model))
  }
  const settings: FitOptions = {
    optimizer: () => train.momentum(0.02, 0.9),
    epochs: 3,
    batchSize: 8,
    ...options,
  }
  const result = await fit(data, settings)(contextOf(model, { checkpoint, ...parts }))
  return { bits, result, end: weightBits(model) }
}

const OPTIMIZERS: readonly [string, (rate: number) => Optimizer][] = [
  ['sgd', (rate) => train.sgd(rate)],
  ['momentum', (rate) => train.momentum(rate, 0.9)],
  ['nesterov', (rate) => train.momentum(rate, 0.9, true)],
  ['rmsprop', (rate) => train.rmsprop(rate)],
  ['adagrad', (rate) => train.adagrad(rate)],
  ['adadelta', (rate) => train.adadelta(rate)],
  ['adam', (rate) => train.adam(rate)],
  ['adamax', (rate) => train.adamax(rate)],
]

describe('fit with a learning-rate schedule', () => {
  test.each(OPTIMIZERS)('fit sets the rate of %s', async (_name, make) => {
    const start = weightBits(model)
    const asked: number[] = []
    const learningRate = (epoch: number) => {
      asked.push(epoch)
      return epoch === 1 ? 0 : 0.05
    }
    const { bits } = await epochsOf({ optimizer: () => make(0.9), learningRate })
    expect(asked).toEqual([0, 1, 2])
    expect(bits[0]).not.toEqual(start)
    expect(bits[1]).toEqual(bits[0])
    expect(bits[2]).not.toEqual(bits[1])
    model.dispose()
    model = smallNetwork()
    expect((await epochsOf({ optimizer: () => make(0.05), epochs: 1 })).end).toEqual(bits[0])
  })

  test('fit stays at the last rate when the context says so', async () => {
    const asked: number[] = []
    const learningRate = (epoch: number) => {
      asked.push(epoch)
      return 0.01
    }
    await epochsOf({ learningRate }, { learningRate: 'last', round: 2 })
    expect(asked).toEqual([2, 2, 2])
  })
})

describe('fit with a rate that is none', () => {
  test.each<[unknown, string]>([
    [-0.1, 'RangeError: x, got -0.1'],
    [Number.NaN, 'RangeError: x, got NaN'],
    [undefined, 'TypeError: x, got undefined'],
    ['0.1', 'TypeError: x, got "0.1"'],
    [Promise.resolve(0.1), 'TypeError: x, got object'],
  ])('fit refuses %s before the epoch', async (rate, message) => {
    const learningRate = ((epoch: number) => (epoch === 0 ? 0 : rate)) as () => number
    const start = weightBits(model)
    const wanted =
      'Cannot train: expected the learningRate of epoch 1 to be a finite number of at least 0'
    expect(await lateRefusalOf(() => epochsOf({ learningRate }))).toBe(message.replace('x', wanted))
    expect(weightBits(model)).toEqual(start)
  })
})

describe('fit with a loss schedule', () => {
  test('fit asks for the loss of its round', async () => {
    const rounds: number[] = []
    const loss = byRound((round) => {
      rounds.push(round)
      return classDependent({ gamma: 1 + round })
    })
    const first = await epochsOf({ loss }, { round: 4 })
    expect(rounds).toEqual([4])
    model.dispose()
    model = smallNetwork()
    expect((await epochsOf({ loss: classDependent({ gamma: 5 }) })).end).toEqual(first.end)
  })
})

/** An evaluation of which only the accuracy matters: one value an epoch. */
function measuring(values: readonly number[]): FitOptions['best'] & { direction: 'maximise' } {
  let epoch = 0
  const evaluate = () => ({ accuracy: values[epoch++]! }) as Evaluation
  return { evaluate, metric: ({ accuracy }) => accuracy, direction: 'maximise' }
}

describe('fit with a best epoch', () => {
  test.each<[readonly number[], 'maximise' | 'minimise', number]>([
    [[0.1, 0.9, 0.5], 'maximise', 1],
    [[0.1, 0.9, 0.5], 'minimise', 0],
    [[0.5, 0.2, 0.1], 'minimise', 2],
    [[0.7, 0.7, 0.7], 'maximise', 0],
    [[Number.NaN, 0.2, 0.3], 'minimise', 1],
    [[-3, -2, -5], 'maximise', 1],
  ])('fit keeps the best of %j to %s', async (values, direction, best) => {
    const { bits, result, end } = await epochsOf({ best: { ...measuring(values), direction } })
    expect(bits).toHaveLength(3)
    expect(end).toEqual(bits[best])
    expect(end).not.toEqual(bits[(best + 1) % 3])
    expect(result).toMatchObject({ epoch: best })
  })

  test('fit refuses a metric that is never a number', async () => {
    await expect(
      epochsOf({ best: measuring([Number.NaN, Number.NaN, Number.NaN]) }),
    ).rejects.toThrow(
      'Cannot choose the best epoch: expected a metric that is a number, got none in any epoch',
    )
  })

  test('fit asks best before the first step', async () => {
    const start = weightBits(model)
    const validation = { xs: [[1, 2]], ys: [1] }
    const of = (samples: TrainingData) => evaluateOn(samples, { positiveClass: 1 })
    const asked = { metric: ({ auc }: Evaluation) => auc, direction: 'maximise' } as const
    expect(
      await lateRefusalOf(() => epochsOf({ best: { ...asked, evaluate: of(validation) } })),
    ).toMatch(/^TypeError: Cannot evaluate: expected .* got/)
    const metric = (e: Evaluation) => (e as unknown as { acu: number }).acu
    const typo = () => epochsOf({ best: { ...asked, evaluate: of(data), metric } })
    expect(await lateRefusalOf(typo)).toBe(
      'TypeError: Cannot train: expected best.metric to give a number, got undefined',
    )
    expect(weightBits(model)).toEqual(start)
    // The first samples alone may lack what a metric asks for.
    const needsPositives = ({ confusion, auc }: Evaluation) => {
      if (confusion.truePositives + confusion.falseNegatives < 4) throw new RangeError('too few')
      return auc
    }
    const { bits } = await epochsOf({
      best: { ...asked, evaluate: of(data), metric: needsPositives },
    })
    expect(bits).toHaveLength(3)
  })

  test('fit refuses a metric that is no number after the first epoch', async () => {
    let epochs = 0
    const evaluate = () => ({ epoch: epochs++ }) as unknown as Evaluation
    const metric = async () => 1
    const best = { evaluate, metric, direction: 'maximise' } as unknown as BestEpoch
    expect(await lateRefusalOf(() => epochsOf({ best }))).toBe(
      'TypeError: Cannot train: expected best.metric to give a number, got a promise',
    )
    expect(epochs).toBe(1)
  })

  test('fit hands the model of each epoch to the measurement and waits for it', async () => {
    const seen: unknown[] = []
    const evaluate = async (of: LayersModel) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      seen.push(weightBits(of))
      return { accuracy: 1 } as Evaluation
    }
    const { bits } = await epochsOf({
      best: { evaluate, metric: ({ accuracy }) => accuracy, direction: 'maximise' },
    })
    expect(seen).toEqual(bits)
  })
})

describe('fit with a loss by epoch', () => {
  test('fit trains each epoch with its own loss, counted in the whole schedule', async () => {
    const asked: string[] = []
    const scaled = (scale: number): Loss => {
      const loss = classDependent()
      return (yTrue, yPred) => mul(loss(yTrue, yPred), scale)
    }
    const loss = byEpoch((epoch, round) => {
      asked.push(`${epoch} of ${round}`)
      return scaled(epoch === 1 ? 0 : 1)
    })
    const sgd = () => train.sgd(0.05)
    const start = weightBits(model)
    const { bits } = await epochsOf({ optimizer: sgd, loss }, { round: 4 })
    expect([...new Set(asked)]).toEqual(['0 of 4', '1 of 4', '2 of 4'])
    expect(bits[0]).not.toEqual(start)
    expect(bits[1]).toEqual(bits[0])
    expect(bits[2]).not.toEqual(bits[1])
    asked.length = 0
    await epochsOf({ optimizer: sgd, loss }, { resumeAt: { epoch: 2, step: 6, batch: 0 } })
    expect([...new Set(asked)]).toEqual(['2 of 0'])
  })

  test.each<[Loss, RegExp]>([
    [classDependent({ positiveClass: 2 }), /expected .* got/],
    [weightedCrossentropy({ output: 'probabilities' }), /that puts out probabilities, got/],
    [falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 }), /without an update/],
  ])('fit looks at the losses of all epochs before the first: %#', async (late, message) => {
    const loss = byEpoch((epoch) => (epoch === 2 ? late : classDependent()))
    const start = weightBits(model)
    await expect(epochsOf({ loss })).rejects.toThrow(message)
    expect(weightBits(model)).toEqual(start)
  })

  test('fit refuses measure beside a loss by epoch', () => {
    const loss = byEpoch(() => classDependent())
    const settings = { optimizer: () => train.sgd(0.1), epochs: 1 }
    const measure = evaluateOn(data, { positiveClass: 1 })
    expect(refusalOf(() => fit(data, { ...settings, loss, measure }))).toBe(
      'RangeError: Cannot train: expected measure for a loss with an update step only, got a loss by epoch',
    )
  })

  test('fit refuses a loss by epoch that has an update step', async () => {
    const loss = byEpoch(() =>
      falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1 }),
    )
    const start = weightBits(model)
    await expect(epochsOf({ loss })).rejects.toThrow(
      new RangeError(
        'Cannot train round 0: expected a loss without an update step by epoch, got one with it',
      ),
    )
    expect(weightBits(model)).toEqual(start)
  })
})

describe('fit in a context', () => {
  test('fit begins where the context resumes', async () => {
    const positions: unknown[] = []
    const checkpoint = async ({
      optimizer: _,
      ...at
    }: Parameters<TrainingContext['checkpoint']>[0]) => {
      positions.push(Object.values(at).join())
    }
    const events: Parameters<TrainingContext['progress']>[0][] = []
    const resumeAt = { epoch: 1, step: 5, batch: 2 }
    const progress: TrainingContext['progress'] = (event) => void events.push(event)
    const context = { checkpoint, resumeAt, progress }
    const settings = { optimizer: () => train.sgd(0.01), epochs: 3, batchSize: 8 }
    await fit(data, settings)(contextOf(model, context))
    expect(positions).toEqual(['1,6,3', '2,6,0', '2,7,1', '2,8,2', '2,9,3', '3,9,0'])
    expect(events).toMatchObject([
      { epoch: 0, batch: 3 },
      { epoch: 1, epochs: 2 },
      ...[1, 2, 3].map((batch) => ({ epoch: 1, batch })),
      { epoch: 2, epochs: 2 },
    ])
  })

  test('fit passes over an epoch whose steps are all done', async () => {
    const resumeAt = { epoch: 1, step: 6, batch: 3 }
    const late = await epochsOf({}, { resumeAt })
    model.dispose()
    model = smallNetwork()
    const next = await epochsOf({}, { resumeAt: { epoch: 2, step: 6, batch: 0 } })
    expect(late.end).toEqual(next.end)
    expect(late.result).toEqual(next.result)
  })

  test('fit restores the optimizer before the first step and hands it over after the last', async () => {
    const calls: string[] = []
    const restoreOptimizer = async () => void calls.push('restored')
    const keepOptimizer = async () => void calls.push('kept')
    const checkpoint = async () => void calls.push('step')
    const settings = { optimizer: () => train.sgd(0.01), epochs: 1, batchSize: 10 }
    await fit(data, settings)(contextOf(model, { restoreOptimizer, keepOptimizer, checkpoint }))
    expect(calls).toEqual(['restored', 'step', 'step', 'step', 'kept'])
  })

  test('fit gives other work a turn whenever 50 ms have passed', async () => {
    let turns = 0
    let next = setImmediate(function work() {
      turns++
      next = setImmediate(work)
    })
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 30))
    await epochsOf({ epochs: 1, batchSize: 1 })
    clock.mockRestore()
    clearImmediate(next)
    // At least every second batch.
    expect(turns).toBeGreaterThan(data.ys.length / 2 - 1)
  })
})
