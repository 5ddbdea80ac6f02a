import {
  aucNotBelow,
  falseNegativeRateAtMost,
  falsePositiveRateAtMost,
  missesNotAbove,
  newMissesAtMost,
  newMissRateBound,
  type RoundReport,
  type StoppingRule,
} from 'tfjs-prune'
import { describe, expect, it } from 'vitest'
import { ledger } from '../support/round-reports.js'

const labels = Int32Array.from({ length: 20 }, (_, i) => Number(i < 10))

/** A round on 10 positives and 10 negatives that calls positive the first so many of each side. */
function round(density: number, found: number, alarms: number): RoundReport {
  const counts = { density, falseNegatives: 10 - found, falsePositives: alarms }
  const [report] = ledger([counts])
  const predictions = labels.map((label, i) => Number(label === 1 ? i < found : i - 10 < alarms))
  const scores = Float64Array.from(predictions, (said, i) => 2 * said - 1 - 0.01 * (i % 10))
  const evaluation = { ...report!.evaluation, labels, predictions, scores, positiveClass: 1 }
  return { ...report!, evaluation }
}

const good = round(0.5, 9, 1)
const silent = round(1, 0, 0)
const loud = round(1, 10, 10)
const lot = round(1, 4, 6)

const lotWords = (misses: string) =>
  `none of 2 rounds is within the budget: the dense network, which they are compared with, finds positives no better than by lot: its false-negative rate is ${misses}`

describe('rules against a dense network that has collapsed', () => {
  it.each<[string, StoppingRule, RoundReport, string]>([
    ['missesNotAbove', missesNotAbove(), silent, '1 at a false-positive rate of 0'],
    ['missesNotAbove', missesNotAbove(), loud, '0 at a false-positive rate of 1'],
    ['missesNotAbove', missesNotAbove(), lot, '0.6 at a false-positive rate of 0.6'],
    [
      'missesNotAbove at a fixed rate',
      missesNotAbove({ atFalsePositiveRate: 0.2 }),
      round(1, 0, 3),
      '1 at a false-positive rate of 0.2',
    ],
    [
      'falseNegativeRateAtMost of a slack',
      falseNegativeRateAtMost({ slack: 0.02 }),
      silent,
      '1 at a false-positive rate of 0',
    ],
    [
      'falsePositiveRateAtMost of a slack',
      falsePositiveRateAtMost({ slack: 0.02 }),
      loud,
      '0 at a false-positive rate of 1',
    ],
  ])(
    '%s finds no round feasible beside one that finds positives by lot',
    (_, rule, dense, words) => {
      const { keep, feasible, reason, latest } = rule([dense, good])
      expect({ keep, feasible }).toEqual({ keep: undefined, feasible: [] })
      expect(reason).toBe(lotWords(words))
      expect(latest).toBe(reason)
    },
  )

  it('newMissesAtMost and newMissRateBound say that the dense network finds no positive', () => {
    const words =
      /^none of 2 rounds is within the budget: the dense network, which they are compared with, finds none of 10 positives; 0 newly missed of 0 that the dense network finds, /
    for (const rule of [newMissesAtMost(3), newMissRateBound(0.9)]) {
      const { keep, feasible, reason } = rule([silent, good])
      expect({ keep, feasible }).toEqual({ keep: undefined, feasible: [] })
      expect(reason).toMatch(words)
      expect(rule([good, round(0.5, 8, 1)]).reason).toMatch(/; 1 newly missed of 9 that/)
    }
  })

  it('aucNotBelow says that the dense network orders the samples by lot', () => {
    const flat = { ...silent.evaluation, scores: new Float64Array(20) }
    const { keep, feasible, reason } = aucNotBelow({ slack: 0.9 })([
      { ...silent, evaluation: flat },
      good,
    ])
    expect({ keep, feasible }).toEqual({ keep: undefined, feasible: [] })
    expect(reason).toMatch(/orders the samples no better than by lot: its AUC is 0\.500; /)
  })

  it('the rules stop early where the dense network has collapsed', () => {
    expect(missesNotAbove({ stopEarly: 1 })([silent])).toMatchObject({ stop: true, feasible: [] })
    expect(missesNotAbove({ stopEarly: 2 })([silent])).toMatchObject({ stop: false, feasible: [] })
  })

  it('the rules that do not lean on the dense network accept rounds beside a collapsed one', () => {
    for (const rule of [
      missesNotAbove({ of: 0.2 }),
      falseNegativeRateAtMost(0.2),
      falseNegativeRateAtMost({ factor: 0, slack: 0.2 }),
      falsePositiveRateAtMost(0.2),
    ])
      expect(rule([silent, good])).toMatchObject({ keep: 1 })
  })

  it('missesNotAbove accepts rounds beside a dense network that is better than lot by one sample', () => {
    expect(missesNotAbove()([round(1, 1, 0), good])).toMatchObject({ keep: 1, feasible: [0, 1] })
  })
})
