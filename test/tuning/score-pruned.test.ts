import { train as trainers } from '@tensorflow/tfjs-core'
import { evaluateOn, fit, type PruneOptions, scorePruned, tune } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { weightedCrossentropy } from '../../src/losses/weighted-crossentropy.js'
import { imbalancedSamples, smallNetwork } from '../prune/support.js'
import { refusalOf } from '../support/refusal-of.js'

const signal = undefined
const run = { scenario: 'plain', seed: 101, share: 0.5, signal }

/** Scores a run by its loss; `asked` gets what the options were made of. */
function scorer(asked: unknown[] = [], others: Partial<PruneOptions> = {}) {
  const data = imbalancedSamples()
  const train = scorePruned<{ learningRate: number; epochs: number }>({
    build: smallNetwork,
    prune: ({ learningRate, epochs }, { seed, share }) => {
      asked.push([learningRate, Math.round(epochs * share), seed])
      return {
        train: fit(data, {
          optimizer: () => trainers.sgd(learningRate),
          epochs: Math.round(epochs * share),
          loss: weightedCrossentropy(),
          seed,
        }),
        evaluate: evaluateOn(data, { positiveClass: 1 }),
        schedule: [1, 0.5],
        ...others,
      }
    },
    metric: ({ loss }) => loss,
  })
  return { train, dispose: () => data.xs.dispose() }
}

test('scorePruned is a training of tune, and more training wins', async () => {
  const asked: unknown[] = []
  const { train, dispose } = scorer(asked)
  const { winners, runs } = await tune({
    scenarios: { plain: { learningRate: [1e-6, 0.1], epochs: [2, 8] } },
    train,
    seeds: [101],
    reportedSeeds: [1],
    direction: 'minimise',
  })
  expect(winners.plain).toEqual({ learningRate: 0.1, epochs: 8 })
  expect(asked.slice(0, 2)).toEqual([
    [1e-6, 1, 101],
    [1e-6, 4, 101],
  ])
  expect(runs.every(({ score }) => score! > 0)).toBe(true)
  dispose()
})

test('scorePruned gives NaN to a training that diverges, and passes other errors on', async () => {
  const { train, dispose } = scorer()
  expect(await train({ learningRate: 1e30, epochs: 4 }, run)).toBeNaN()
  const broken = scorer([], {
    evaluate: () => {
      throw new Error('on purpose')
    },
  })
  const failing = broken.train({ learningRate: 0.1, epochs: 4 }, run)
  await expect(failing).rejects.toThrow('on purpose')
  for (const one of [dispose, broken.dispose]) one()
})

test('scorePruned leaves no tensor behind, also where training diverges', async () => {
  const { train, dispose } = scorer()
  await expect(() => train({ learningRate: 0.1, epochs: 4 }, run)).toLeaveNoTensors()
  await expect(() => train({ learningRate: 1e30, epochs: 4 }, run)).toLeaveNoTensors()
  dispose()
})

test('scorePruned hands the signal of tune to the run', async () => {
  const { train, dispose } = scorer()
  const stop = new AbortController()
  stop.abort()
  const aborted = { ...run, signal: stop.signal }
  await expect(train({ learningRate: 0.1, epochs: 4 }, aborted)).rejects.toThrow('aborted')
  dispose()
})

test('scorePruned refuses what it cannot call', () => {
  expect(
    refusalOf(() => scorePruned({ build: smallNetwork, prune: {} as never, metric: () => 0 })),
  ).toBe('TypeError: Cannot score a pruning run: expected a function as prune, got object')
})
