import { memory } from '@tensorflow/tfjs-core'
import {
  chooseRound,
  type Evaluation,
  evaluateOn,
  missesNotAbove,
  type PruneOptions,
  prune,
  type RoundReport,
} from 'tfjs-prune'
import { falseNegativeRateAt } from 'tfjs-prune/metrics'
import { describe, expect, it } from 'vitest'
import { imbalancedSamples, quickRun, smallNetwork } from '../prune/support.js'
import { lateRefusalOf, refusalOf } from '../support/refusal-of.js'
import { ledger } from '../support/round-reports.js'

const labels = Int32Array.from({ length: 30 }, (_, i) => Number(i < 10))

/**
 * Rounds on 10 positives and 20 negatives with scores from 1 to 20: so many positives are below all
 * negatives, the others above; at the own boundary all are found.
 */
function missing(...misses: number[]): RoundReport[] {
  return ledger(misses.map(() => ({}))).map((report, round) => {
    const below = misses[round]!
    const scores = Float64Array.from(labels, (label, i) => {
      if (label === 0) return i - 9
      return i < below ? -1 : 100
    })
    return { ...report, evaluation: { ...report.evaluation, labels, scores, positiveClass: 1 } }
  })
}

const bare = (rounds: readonly RoundReport[]) =>
  rounds.map(({ evaluation: { scores, labels, positiveClass, ...evaluation }, ...round }) => {
    return { ...round, evaluation }
  })

describe('missesNotAbove', () => {
  it('missesNotAbove keeps the sparsest round with no more misses than the dense network', () => {
    const rule = missesNotAbove({ of: 'dense', atFalsePositiveRate: 0.1, stopEarly: 2 })
    expect(rule(missing(2, 1, 2, 3))).toEqual({
      stop: false,
      reason:
        '0.200 false-negative rate at a false-positive rate of 0.1 against at most 0.200 in round 2, the sparsest of 3 within the budget',
      latest:
        '0.300 false-negative rate at a false-positive rate of 0.1 against at most 0.200 in round 3, over the budget',
      keep: 2,
      feasible: [0, 1, 2],
    })
    expect(rule(missing(2, 3, 3))).toMatchObject({ stop: true, keep: 0, feasible: [0] })
    expect(rule(missing(2, 3, 3, 2))).toMatchObject({ stop: false, keep: 3, feasible: [0, 3] })
  })

  it('missesNotAbove takes a margin as a share of the positives, and a whole miss is not rounded away', () => {
    const feasible = (margin: number, ...misses: number[]) =>
      missesNotAbove({ atFalsePositiveRate: 0.05, margin })(missing(...misses)).feasible
    expect(feasible(0.1, 2, 3, 4)).toEqual([0, 1])
    expect(feasible(0.09, 2, 3, 4)).toEqual([0])
    for (let dense = 0; dense < 10; dense++) {
      for (let more = 0; dense + more <= 10 && more < 10; more++) {
        expect(feasible(more / 10, dense, dense + more)).toEqual([0, 1])
        if (dense + more < 10) expect(feasible(more / 10, dense, dense + more + 1)).toEqual([0])
      }
    }
  })

  it('missesNotAbove compares with a rate, such as that of the network in use', () => {
    const rule = missesNotAbove({ of: 0.1, atFalsePositiveRate: 0.1, margin: 0.1 })
    expect(rule(missing(3, 2, 1, 4))).toMatchObject({ keep: 2, feasible: [1, 2] })
    expect(missesNotAbove({ of: 0 })(missing(3, 2))).toMatchObject({ keep: 1 }) // none at the own boundary
  })

  it('missesNotAbove compares at the own boundary without a rate', () => {
    const rounds = ledger([2, 1, 3].map((falseNegatives) => ({ falseNegatives })))
    expect(missesNotAbove()(rounds)).toMatchObject({ keep: 1, feasible: [0, 1] })
    expect(missesNotAbove({ margin: 0.1 })(rounds)).toMatchObject({ keep: 2 })
    expect(missesNotAbove()(rounds).reason).toBe(
      '0.100 false-negative rate against at most 0.200 in round 1, the sparsest of 2 within the budget',
    )
  })

  it('missesNotAbove is not deceived by a network that calls everything positive', () => {
    const [dense, ...others] = missing(1, 0, 0)
    const scores = Float64Array.from(labels, (_, i) => 5 + Math.sin(i)) // all above 0
    const all = others.map((round) => ({ ...round, evaluation: { ...round.evaluation, scores } }))
    const rounds = [dense!, ...all]
    expect(missesNotAbove()(rounds).keep).toBe(2)
    expect(missesNotAbove({ atFalsePositiveRate: 0.1 })(rounds)).toMatchObject({ keep: 0 })
  })

  it('missesNotAbove takes the misses that an evaluation tells at the rate, without scores', () => {
    const tell = (falseNegativeRate: number) => [
      { falsePositiveRate: 0.1, falseNegatives: 0, falseNegativeRate, threshold: null },
    ]
    const rounds = bare(missing(0, 0, 0)).map((round, i) => {
      const atFalsePositiveRates = tell([0.2, 0.1, 0.3][i]!)
      return { ...round, evaluation: { ...round.evaluation, atFalsePositiveRates } }
    })
    expect(missesNotAbove({ atFalsePositiveRate: 0.1 })(rounds)).toMatchObject({ keep: 1 })
    expect(refusalOf(() => missesNotAbove({ atFalsePositiveRate: 0.2 })(rounds))).toBe(
      'TypeError: Cannot compare the misses: expected evaluate to return scores, labels and positiveClass (as evaluateOn does), or atFalsePositiveRate 0.2 among its atFalsePositiveRates, got none',
    )
  })

  it('missesNotAbove decides alike on rounds that were stored as JSON', () => {
    const rounds = missing(2, 1, 2, 3)
    const stored: RoundReport[] = JSON.parse(JSON.stringify(rounds))
    const rule = missesNotAbove({ atFalsePositiveRate: 0.1 })
    expect(rule(stored)).toEqual(rule(rounds))
    expect(chooseRound(stored, { subjectTo: [rule] }).index).toBe(2)
  })

  it('missesNotAbove is met by no round without positives, or at a rate without negatives', () => {
    const only = (label: number) =>
      missing(1, 1).map(({ evaluation, ...round }): RoundReport => {
        return { ...round, evaluation: { ...evaluation, labels: labels.map(() => label) } }
      })
    const rule = missesNotAbove({ atFalsePositiveRate: 0.1, margin: 0.9, stopEarly: 2 })
    for (const label of [0, 1])
      expect(rule(only(label))).toMatchObject({ stop: true, keep: undefined, feasible: [] })
  })

  it('missesNotAbove refuses rounds that were measured on other samples', () => {
    const [dense, half] = missing(1, 1)
    const evaluation = { ...half!.evaluation, labels: labels.map((label) => 1 - label) }
    const rounds = [dense!, { ...half!, evaluation }]
    const rule = missesNotAbove({ atFalsePositiveRate: 0.1 })
    expect(refusalOf(() => rule(rounds))).toBe(
      'RangeError: Cannot compare the misses: expected the 30 samples of the first round, got other labels from sample 0 on',
    )
    expect(missesNotAbove({ of: 0.5, atFalsePositiveRate: 0.1 })(rounds).keep).toBe(0)
  })

  const cannot = 'Cannot compare the misses: expected'
  it.each<[object, string]>([
    [{ of: 'Dense' }, `TypeError: ${cannot} of to be 'dense' or a rate in [0, 1], got "Dense"`],
    [{ of: 1.5 }, `RangeError: ${cannot} of to be 'dense' or a rate in [0, 1], got 1.5`],
    [
      { atFalsePositiveRate: 10 },
      `RangeError: ${cannot} atFalsePositiveRate to be in [0, 1), got 10`,
    ],
    [
      { margin: -0.1 },
      `RangeError: ${cannot} margin to be a share of the positives in [0, 1), got -0.1`,
    ],
    [{ margin: 1 }, `RangeError: ${cannot} margin to be a share of the positives in [0, 1), got 1`],
    [{ stopEarly: 0 }, `RangeError: ${cannot} stopEarly to be a whole number of at least 1, got 0`],
    [
      { slack: 0.1 },
      `TypeError: ${cannot} options among stopEarly, of, atFalsePositiveRate, margin, got slack`,
    ],
  ])('missesNotAbove refuses %j', (options, message) => {
    expect(refusalOf(() => missesNotAbove(options))).toBe(message)
  })
})

describe('prune with missesNotAbove', () => {
  it('prune keeps the sparsest round whose misses at a fixed rate are not above the dense ones', async () => {
    const [data, held] = [imbalancedSamples(60, 1), imbalancedSamples(200, 2)]
    const model = smallNetwork()
    const before = memory().numTensors
    const options = {
      evaluate: evaluateOn(held, { positiveClass: 1, falsePositiveRates: [0.05] }),
      stop: missesNotAbove({ of: 'dense', atFalsePositiveRate: 0.02, margin: 0.05 }),
      schedule: [1, 0.5, 0.25, 0.1, 0.05],
    }
    const { rounds, kept } = await prune(model, quickRun(data, options))
    expect(memory().numTensors).toBe(before)
    const missed = rounds.map(({ evaluation: { labels, scores } }) =>
      falseNegativeRateAt(labels!, scores!, { positiveClass: 1, falsePositiveRate: 0.02 }),
    )
    const good = missed.map((rate) => rate <= missed[0]! + 0.05 + 1e-12)
    expect(kept?.round).toBe(good.lastIndexOf(true))
    for (const one of [data.xs, held.xs, model]) one.dispose()
  })

  it.each<[string, Partial<Evaluation>, number | undefined, string]>([
    [
      'a regression',
      { loss: 1 },
      0.1,
      'evaluate to return scores, labels and positiveClass (as evaluateOn does), or atFalsePositiveRate 0.1 among its atFalsePositiveRates',
    ],
    [
      'a regression at its own boundary',
      { loss: 1 },
      undefined,
      'evaluate to return a falseNegativeRate',
    ],
  ])('prune tells before training that %s has no misses', async (_, evaluation, rate, wanted) => {
    const options: PruneOptions = {
      train: () => expect.unreachable('nothing is trained'),
      evaluate: () => evaluation as Evaluation,
      stop: missesNotAbove(rate === undefined ? {} : { atFalsePositiveRate: rate }),
    }
    const model = smallNetwork()
    const message = await lateRefusalOf(() => prune(model, options))
    model.dispose()
    expect(message).toMatch(/^TypeError: Cannot compare the misses: expected /)
    expect(message).toContain(wanted)
  })
})
