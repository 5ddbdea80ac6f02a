import fc from 'fast-check'
import type { Evaluation, RoundReport } from 'tfjs-prune'
import { falseNegativeRateAt, type LedgerRow, ledger } from 'tfjs-prune/metrics'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../support/refusal-of.js'
import { ledger as reports } from '../support/round-reports.js'
import { samples } from './samples.js'

const labels = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const negatives = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]

/** A report with scores of three positives and of ten negatives; its boundary is 8. */
function report(round: number, positives: readonly number[]): RoundReport {
  const scores = [...positives, ...negatives]
  const falseNegatives = positives.filter((score) => score < 8).length
  const [plain] = reports([
    { falseNegatives, truePositives: 3 - falseNegatives, falsePositives: 3 },
  ])
  const samples = { labels: Int32Array.from(labels), scores: Float64Array.from(scores) }
  const evaluation = { ...plain!.evaluation, ...samples, positiveClass: 1 }
  return { ...plain!, round, density: 0.5 ** round, evaluation }
}

const withEvaluation = (round: RoundReport, evaluation: object): RoundReport<object> => {
  return { ...round, evaluation }
}

const stored = (rounds: readonly RoundReport<object>[]) => JSON.parse(JSON.stringify(rounds))

describe('ledger', () => {
  it('ledger puts the misses of each round beside those of the dense network', () => {
    const rows = ledger([report(0, [11, 9.5, 8.5]), report(1, [11, 10, 7.5])])
    const untold = { collapsed: null, worstClass: null, worstRecall: null }
    const common = {
      ...untold,
      densityOverAll: 1,
      kept: 1000,
      falsePositives: 3,
      falsePositiveRate: 0.3,
    }
    // At 5 % no false alarm fits in, at 10 % the negative at 10 is one.
    expect(rows).toEqual<LedgerRow[]>([
      {
        ...{ round: 0, density: 1, ...common, auc: 0.9 },
        ...{ falseNegatives: 0, falseNegativeRate: 0, addedFalseNegatives: 0 },
        atFalsePositiveRates: [
          misses(0.05, { falseNegatives: 2, addedFalseNegatives: 0 }),
          misses(0.1, { falseNegatives: 1, addedFalseNegatives: 0 }),
        ],
      },
      {
        ...{ round: 1, density: 0.5, ...common, auc: 0.9 },
        ...{ falseNegatives: 1, falseNegativeRate: 1 / 3, addedFalseNegatives: 1 },
        atFalsePositiveRates: [
          misses(0.05, { falseNegatives: 1.5, addedFalseNegatives: -0.5 }), // half of the tie at 10
          misses(0.1, { falseNegatives: 1, addedFalseNegatives: 0 }),
        ],
      },
    ])
  })

  const misses = (
    falsePositiveRate: number,
    counts: { falseNegatives: number; addedFalseNegatives: number },
  ) => ({ falsePositiveRate, ...counts, falseNegativeRate: counts.falseNegatives / 3 })

  it('ledger counts by the scores at any rate, or takes the misses that an evaluation tells', () => {
    fc.assert(
      fc.property(samples, fc.nat(99), ({ labels, scores }, hundredths) => {
        const falsePositiveRate = hundredths / 100
        const [round] = reports([{}])
        const evaluation = { labels, scores, positiveClass: 1 }
        const [row] = ledger([withEvaluation(round!, evaluation)], {
          falsePositiveRates: [falsePositiveRate],
        })
        expect(row!.atFalsePositiveRates[0]!.falseNegativeRate).toBe(
          falseNegativeRateAt(labels, scores, { positiveClass: 1, falsePositiveRate }),
        )
      }),
    )
    const told = { falsePositiveRate: 0.2, falseNegatives: 7, falseNegativeRate: 0.7, threshold: 1 }
    const rounds = [0, 1].map((round) => {
      const { evaluation, ...others } = report(round, [11, 9.5, 8.5])
      return { ...others, evaluation: { ...evaluation, atFalsePositiveRates: [told] } }
    })
    const rates = ledger(rounds).map(({ atFalsePositiveRates }) => atFalsePositiveRates)
    const { threshold, ...counts } = told
    expect(rates).toEqual([0, 1].map(() => [{ ...counts, addedFalseNegatives: 0 }]))
  })

  it('ledger takes the rates of the first round for all, also where a later one was told others', () => {
    const tell = (round: number, falsePositiveRate: number) => {
      const { evaluation, ...others } = report(round, [11, 9.5, 8.5])
      const at = { falsePositiveRate, falseNegatives: 3, falseNegativeRate: 1, threshold: null }
      return { ...others, evaluation: { ...evaluation, atFalsePositiveRates: [at] } }
    }
    const rows = ledger([tell(0, 0.01), tell(1, 0.02)])
    expect(rows.map(({ atFalsePositiveRates }) => atFalsePositiveRates)).toEqual([
      [misses(0.01, { falseNegatives: 3, addedFalseNegatives: 0 })],
      [misses(0.01, { falseNegatives: 2, addedFalseNegatives: -1 })], // counted by the scores
    ])
  })

  it('ledger gives the same rows for rounds that were stored as JSON, and rows that JSON keeps', () => {
    const nothing = withEvaluation(report(2, [1, 2, 3]), { loss: 1 })
    const nan = { confusion: report(3, [1, 2, 3]).evaluation.confusion, auc: Number.NaN }
    const rounds = [report(0, [11, 9.5, 8.5]), report(1, [11, 10, 7.5]), nothing]
    const all = [...rounds, withEvaluation(report(3, [1, 2, 3]), nan)]
    const rows = ledger(all)
    expect(ledger(stored(all))).toEqual(rows)
    expect(stored(rows as never)).toEqual(rows)
    expect(ledger(structuredClone(all))).toEqual(rows)
  })

  it('ledger gives null for numbers that evaluations do not tell, or that are not defined', () => {
    const [dense, half] = reports([{}, {}])
    const nulls = { falseNegatives: null, falseNegativeRate: null, addedFalseNegatives: null }
    const regression = [dense!, half!].map((round) => withEvaluation(round, { error: 0.1 }))
    for (const { atFalsePositiveRates, ...row } of ledger(regression)) {
      expect(row).toMatchObject({
        ...nulls,
        falsePositives: null,
        falsePositiveRate: null,
        auc: null,
      })
      expect(row.density).toBe(0.5 ** row.round)
      expect(atFalsePositiveRates).toEqual(
        [0.05, 0.1].map((falsePositiveRate) => ({ falsePositiveRate, ...nulls })),
      )
    }
    const onlyPositives = { labels: [1, 1], scores: [1, 2], positiveClass: 1, auc: Number.NaN }
    const [row] = ledger([withEvaluation(dense!, onlyPositives)], { falsePositiveRates: [0.1] })
    expect(row).toMatchObject({ auc: null, atFalsePositiveRates: [nulls] })
  })

  it('ledger counts positives by the labels where no confusion is told', () => {
    const bare = (round: number, positives: readonly number[]) => {
      const scores = [...positives, ...negatives]
      const samples = { labels: scores.map((_, i) => Number(i < positives.length)), scores }
      return withEvaluation(report(round, [9, 9, 9]), { ...samples, positiveClass: 1 })
    }
    const rounds = [bare(0, [11, 11, 1]), bare(1, [1, 1, 1, 1]), bare(2, [11, 1, 1])]
    const rows = ledger(rounds, { falsePositiveRates: [0.1] })
    const added = rows.map(({ atFalsePositiveRates: [at] }) => at!.addedFalseNegatives)
    expect(added).toEqual([0, null, 1])
  })

  it('ledger compares with round 0 alone, and only with as many positives', () => {
    const added = (rounds: readonly RoundReport<object>[]) =>
      ledger(rounds).map(({ addedFalseNegatives }) => addedFalseNegatives)
    const run = [report(0, [11, 9.5, 7]), report(1, [11, 7, 7]), report(2, [11, 11, 11])]
    expect(added(run)).toEqual([0, 1, -1])
    expect(added([run[2]!, run[0]!])).toEqual([-1, 0])
    expect(added(run.slice(1))).toEqual([null, null])
    const others: Partial<Evaluation> = {
      confusion: { truePositives: 9, falseNegatives: 1, falsePositives: 0, trueNegatives: 3 },
    }
    expect(added([run[0]!, withEvaluation(run[1]!, others)])).toEqual([0, null])
    expect(ledger([])).toEqual([])
  })

  it.each<[unknown, object, string]>([
    [undefined, {}, 'TypeError: Cannot make a ledger: expected a list of rounds, got undefined'],
    [{ rounds: [] }, {}, 'TypeError: Cannot make a ledger: expected a list of rounds, got object'],
    [[[]], {}, 'TypeError: Cannot make a ledger: expected a list of rounds, got a list of others'],
    [
      [],
      { falsePositiveRates: [2] },
      'RangeError: Cannot make a ledger: expected falsePositiveRates[0] to be in [0, 1), got 2',
    ],
    [
      [],
      { falsePositiveRate: [0.1] },
      'TypeError: Cannot make a ledger: expected options among falsePositiveRates, set, got falsePositiveRate: did you mean falsePositiveRates?',
    ],
    [
      [
        {
          round: 0,
          density: 1,
          evaluation: { labels: [1], scores: [Number.NaN], positiveClass: 1 },
        },
      ],
      {},
      'RangeError: Cannot make a ledger: expected score 0 to be a number, got NaN',
    ],
  ])('ledger refuses %j with %j', (rounds, options, message) => {
    expect(refusalOf(() => ledger(rounds as RoundReport[], options))).toBe(message)
  })
})
