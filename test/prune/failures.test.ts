import { mul, scalar, Tensor, tensor1d, train, variableGrads } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import {
  evaluateOn,
  fit,
  type Loss,
  magnitude,
  metricAtMost,
  type PruneOptions,
  prune,
  type RoundReport,
  type StoppingRule,
  weightedCrossentropy,
} from 'tfjs-prune'
import { byRound, squaredHingeRank } from 'tfjs-prune/losses'
import { describe, expect, test } from 'vitest'
import { forEachTest } from '../support/for-each-test.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { failedRun, quickRun, type Samples, weightBits } from './support.js'

let data: Samples
let model: LayersModel
forEachTest(24, (...own) => {
  ;[data, model] = own
})

/** Trains by `fit` and throws in the middle of a round. */
function throwingAt(round: number, error: unknown): PruneOptions['train'] {
  const inner = fit(data, { optimizer: () => train.momentum(0.02, 0.9), epochs: 2, batchSize: 8 })
  return (context) => {
    const progress = () => {
      if (context.round === round) throw error
    }
    return inner({ ...context, progress })
  }
}

describe('prune with a training function that throws', () => {
  test.each([0, 2])(
    'prune passes the error of round %d on, the model back at the last finished round',
    async (round) => {
      const error = new Error('the disk is full')
      const { thrown, leaked } = await failedRun(data, model, { train: throwingAt(round, error) })
      expect(thrown).toBe(error)
      expect(leaked).toBe(0)
    },
  )

  test('prune passes on what is no Error as well', async () => {
    expect((await failedRun(data, model, { train: throwingAt(1, 'stop it') })).thrown).toBe(
      'stop it',
    )
  })
})

/**
 * A loss that fails after it has computed something; tfjs keeps tensors for a backward pass that
 * does not come.
 */
const failingLoss =
  (error: Error): Loss =>
  (yTrue, yPred) => {
    squaredHingeRank()(yTrue, yPred)
    throw error
  }

describe('prune with a loss that throws', () => {
  test('prune passes the error on and leaks no tensor of the forward pass', async () => {
    const error = new Error('no such loss')
    const loss = byRound((round) => (round === 1 ? failingLoss(error) : weightedCrossentropy()))
    const training = fit(data, { optimizer: () => train.adam(0.01), epochs: 1, loss })
    expect(await failedRun(data, model, { train: training })).toEqual({ thrown: error, leaked: 0 })
  })

  test('prune leaks no tensor of a forward pass in a loop of the caller', async () => {
    const error = new Error('no such loss')
    const loss = failingLoss(error)
    const own: PruneOptions['train'] = ({ round }) => {
      if (round < 2) return
      const labels = tensor1d(Array.from(data.ys))
      try {
        variableGrads(() => loss(labels, model.apply(data.xs) as Tensor))
      } finally {
        labels.dispose()
      }
    }
    const options = { train: own, criterion: magnitude() }
    expect(await failedRun(data, model, options)).toEqual({ thrown: error, leaked: 0 })
  })
})

describe('prune with a signal', () => {
  test('prune ends at once when the signal is aborted beforehand', async () => {
    const options = {
      signal: AbortSignal.abort('not today'),
      train: () => expect.unreachable('no round begins'),
    }
    const { thrown, leaked } = await failedRun(data, model, options)
    expect([thrown, leaked]).toEqual(['not today', 0])
  })

  test.each([
    [0, 1],
    [0, 4],
    [2, 5],
  ])(
    'prune ends in round %d after batch %d with the reason and leaks no tensor',
    async (round, batch) => {
      const abort = new AbortController()
      const reason = new Error('the user closed the tab')
      let [current, batches] = [0, 0]
      const inner = fit(data, {
        optimizer: () => train.adam(0.01),
        epochs: 2,
        clipNorm: 1,
        batches: function* () {
          for (const start of [0, 8, 16]) {
            yield Int32Array.from({ length: 8 }, (_, i) => start + i)
            batches++
            if (current === round && batches === batch) abort.abort(reason)
          }
        },
      })
      const { thrown, leaked } = await failedRun(data, model, {
        signal: abort.signal,
        train: (context) => {
          current = context.round
          batches = 0
          return inner(context)
        },
      })
      expect(thrown).toBe(reason)
      expect(leaked).toBe(0)
      expect([current, batches]).toEqual([round, batch])
    },
  )

  test('prune ends after a training function that does not look at the signal', async () => {
    const abort = new AbortController()
    const { thrown } = await failedRun(data, model, {
      criterion: magnitude(),
      signal: abort.signal,
      train: ({ round }) => {
        if (round === 1) abort.abort()
      },
    })
    expect((thrown as DOMException).name).toBe('AbortError')
  })
})

describe('prune with an evaluation that changes the model', () => {
  const message =
    /^RangeError: Cannot prune: expected evaluate to leave the model as it is, got other values in hidden\/kernel: /

  test.each([0, 2])(
    'prune refuses it at call %d, and gives the model its weights back',
    async (at) => {
      const before = weightBits(model)
      const measure = evaluateOn(data, { positiveClass: 1 })
      let calls = 0
      const evaluate = async (of: LayersModel) => {
        const [kernel] = of.trainableWeights
        if (calls++ === at) kernel!.write(mul(0.5, kernel!.read()))
        return measure(of)
      }
      const options = { ...quickRun(data), evaluate }
      const error = await prune(model, options).catch((thrown) => thrown)
      const cause = at === 0 ? error : error.cause
      expect(String(cause)).toMatch(message)
      if (at === 0) expect(weightBits(model)).toEqual(before)
      else expect(error.rounds).toHaveLength(at - 1)
    },
  )

  test('prune takes one that puts the weights back', async () => {
    const measure = evaluateOn(data, { positiveClass: 1 })
    const evaluate = async (of: LayersModel) => {
      const own = of.getWeights().map((weight) => weight.clone())
      of.setWeights(own.map((weight) => mul(0.5, weight)))
      of.setWeights(own)
      return measure(of)
    }
    const { rounds } = await prune(model, { ...quickRun(data, { schedule: [1, 0.5] }), evaluate })
    expect(rounds).toHaveLength(2)
  })
})

test('prune names an optimizer that a factory hands out twice', async () => {
  const shared = train.momentum(0.02, 0.9)
  const run = quickRun(data, { training: { optimizer: () => shared }, schedule: [1, 0.5] })
  expect(await lateRefusalOf(() => prune(model, run))).toContain(
    'expected the optimizer factory to make a new optimizer for each round, got one of a round before',
  )
})

test.each([
  ['a tensor', () => scalar(0.5)],
  ['a list', () => [0.5, 0.1]],
])('prune refuses %s as an evaluation before training', async (_what, make) => {
  const before = weightBits(model)
  const value = make()
  const evaluate = (() => value) as never
  expect(await lateRefusalOf(() => prune(model, { ...quickRun(data), evaluate }))).toContain(
    'expected evaluate to return an object with a number to watch, got ',
  )
  expect(weightBits(model)).toEqual(before)
  if (value instanceof Tensor) value.dispose()
})

test.each([
  [
    'a budget',
    metricAtMost(({ evaluation }) => (evaluation as never as { f1: number }).f1, 0.1),
    /expected an evaluation that fits the rule, with a number to watch, got undefined/,
  ],
  [
    'a rule of the caller',
    (rounds: readonly RoundReport[]) => {
      const { f1 } = rounds[0]!.evaluation as never as { f1: { mean: number } }
      return { stop: f1.mean > 1, reason: 'f1', keep: 0 }
    },
    /Cannot read properties of undefined/,
  ],
])('prune tells that evaluateOn has no number for %s before training', async (_, stop, message) => {
  const before = weightBits(model)
  let steps = 0
  const onProgress = () => {
    steps++
  }
  const run = { ...quickRun(data), stop: stop as StoppingRule, onProgress }
  await expect(prune(model, run)).rejects.toThrow(message)
  expect([steps, weightBits(model)]).toEqual([0, before])
})

test('a rule that wants numbers that a few samples lack is asked after round 0', async () => {
  const stop: StoppingRule = (rounds) => {
    if (rounds.some(({ evaluation }) => Number.isNaN(evaluation.auc))) throw new RangeError('AUC')
    return { stop: true, reason: 'enough', keep: 0 }
  }
  expect((await prune(model, { ...quickRun(data), stop })).kept?.round).toBe(0)
})
