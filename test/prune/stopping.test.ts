import { memory } from '@tensorflow/tfjs-core'
import {
  applyTrained,
  densityReached,
  falseNegativesAtMost,
  type PruneOptions,
  prune,
  type StoppingRule,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import type { Confusion } from '../../src/types.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { imbalancedSamples, quickRun, smallNetwork, weightBits } from './support.js'

const schedule = [1, 0.5, 0.25, 0.1]

/** An evaluation that finds as many false negatives in each round as the list says. */
function missing(falseNegatives: readonly number[]): PruneOptions['evaluate'] {
  let round = 0
  const evaluate = () => {
    const missed = falseNegatives[round++]!
    const confusion: Confusion = {
      truePositives: 8 - missed,
      falseNegatives: missed,
      falsePositives: 0,
      trueNegatives: 2,
    }
    const rates = { falseNegativeRate: missed / 8, falsePositiveRate: 0, accuracy: 1 - missed / 10 }
    return { confusion, ...rates, auc: 1, loss: 0 }
  }
  return Object.assign(evaluate, { check: () => {} })
}

async function pruned(options: Partial<PruneOptions>) {
  const [data, model] = [imbalancedSamples(), smallNetwork()]
  const result = await prune(
    model,
    quickRun(data, { schedule, training: { epochs: 1 }, ...options }),
  )
  const left = weightBits(model)
  const bitsOfRound = (round: number) => {
    applyTrained(model, result.rounds[round]!)
    return weightBits(model)
  }
  const bits = result.rounds.map((_, round) => bitsOfRound(round))
  data.xs.dispose()
  model.dispose()
  return { result, left, bits }
}

describe('prune', () => {
  test('prune keeps the last round when no rule is given', async () => {
    const { result, left, bits } = await pruned({})
    expect([result.feasible, result.kept?.round, result.rounds.length]).toEqual([true, 3, 4])
    expect(left).toEqual(bits[3])
  })

  test('prune stops at the first round over the budget and keeps the one before', async () => {
    const { result, left, bits } = await pruned({
      evaluate: missing([1, 2, 5]),
      stop: falseNegativesAtMost(3, { stopEarly: 1 }),
    })
    expect([result.rounds.length, result.kept?.round]).toEqual([3, 1])
    expect(result.reason).toBe(
      '2 false negatives against at most 3 in round 1, the sparsest of 2 within the budget',
    )
    expect(result.ended).toBe('5 false negatives against at most 3 in round 2, over the budget')
    expect(left).toEqual(bits[1])
    expect(left).not.toEqual(bits[2])
  })

  test('prune runs all levels and keeps a sparser round that meets the budget again', async () => {
    const stop = falseNegativesAtMost(3)
    const { result, left, bits } = await pruned({ evaluate: missing([1, 5, 4, 3]), stop })
    expect([result.rounds.length, result.kept?.round]).toEqual([4, 3])
    expect(result.ended).toBe('the schedule is done')
    expect(left).toEqual(bits[3])
  })

  test('prune stops at a density', async () => {
    const { result, left, bits } = await pruned({ stop: densityReached(0.5) })
    expect(result.rounds.map(({ density }) => density)).toEqual([1, 0.5])
    expect(left).toEqual(bits[1])
  })

  test('prune says that no round meets the budget and leaves the trained dense network', async () => {
    const stop = falseNegativesAtMost(0, { stopEarly: 2 })
    const { result, left, bits } = await pruned({ evaluate: missing([1, 5, 4, 3]), stop })
    expect([result.feasible, result.kept, result.rounds.length]).toEqual([false, undefined, 2])
    expect(result.reason).toBe(
      'none of 2 rounds is within the budget, the nearest: 1 false negative against at most 0 in round 0',
    )
    expect(result.ended).toBe(
      '5 false negatives against at most 0 in round 1, over the budget for 2 rounds in a row',
    )
    expect(left).toEqual(bits[0])
    expect(left).not.toEqual(bits[1])
  })

  test('prune asks the rule beforehand and after each round', async () => {
    const lengths: number[] = []
    const stop: StoppingRule = (rounds) => {
      lengths.push(rounds.length)
      return { stop: rounds.at(-1)!.round === 2, reason: 'enough', keep: 0 } // throws without a round
    }
    const { result, left, bits } = await pruned({ stop })
    // Without a round, about a few samples, and then after each round.
    expect(lengths).toEqual([0, 1, 1, 2, 3])
    expect([result.ended, result.kept?.round]).toEqual(['enough', 0])
    expect(result.reason).toMatch(/^enough(; collapsed and not kept: round [12, ]+)?$/)
    expect(left).toEqual(bits[0])
  })

  test.each([
    [
      { stop: false, reason: '', keep: 7 },
      'RangeError: Cannot keep a round: expected one of 1 finished rounds, got 7',
    ],
    [
      { stop: false, reason: '', keep: -1 },
      'RangeError: Cannot keep a round: expected one of 1 finished rounds, got -1',
    ],
    [
      undefined,
      'TypeError: Cannot stop: expected the rule to return { stop, reason, keep }, got undefined',
    ],
    [true, 'TypeError: Cannot stop: expected the rule to return { stop, reason, keep }, got true'],
  ])(
    'prune rejects %j as a decision, with the model at the last finished round',
    async (decision, refusal) => {
      const [data, model] = [imbalancedSamples(), smallNetwork()]
      let trained: unknown
      const options = quickRun(data, {
        schedule,
        stop: () => {
          trained = weightBits(model)
          return decision as ReturnType<StoppingRule>
        },
      })
      const before = memory().numTensors
      expect(await lateRefusalOf(() => prune(model, options))).toBe(refusal)
      expect(memory().numTensors).toBe(before)
      expect(weightBits(model)).toEqual(trained)
      data.xs.dispose()
      model.dispose()
    },
  )

  test('prune rejects a stopping rule that is no function before any weight changes', async () => {
    const [data, model] = [imbalancedSamples(), smallNetwork()]
    const before = weightBits(model)
    const options = { ...quickRun(data), stop: 0.1 as unknown as StoppingRule }
    expect(await lateRefusalOf(() => prune(model, options))).toBe(
      'TypeError: Cannot prune: expected stop to be a stopping rule, such as falseNegativesAtMost(3), got 0.1',
    )
    expect(weightBits(model)).toEqual(before)
    data.xs.dispose()
    model.dispose()
  })
})
