import {
  aucNotBelow,
  chooseRound,
  falseNegativeRateBound,
  falseNegativesBound,
  newMissesAtMost,
  newMissRateBound,
  type RoundReport,
} from 'tfjs-prune'
import { aucScoreInterval, clopperPearson, delongTest } from 'tfjs-prune/metrics'
import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../src/internal/normal.js'
import { type RandomStream, randomStream } from '../../src/internal/random.js'
import { ledger } from '../support/round-reports.js'

/**
 * Rounds on 59 positives and 59 negatives; round r misses the positives that the r-th list names.
 */
function rounds(missed: readonly (readonly number[])[]): RoundReport[] {
  const labels = Int32Array.from({ length: 118 }, (_, i) => Number(i < 59))
  const numbers = missed.map((list) => ({
    falseNegatives: list.length,
    truePositives: 59 - list.length,
  }))
  return ledger(numbers).map((report, round) => {
    const predictions = labels.map((label, i) => (missed[round]!.includes(i) ? 0 : label))
    const scores = Float64Array.from(labels, (_, i) => predictions[i]! * 10 + Math.sin(i))
    return {
      ...report,
      evaluation: { ...report.evaluation, labels, predictions, scores, positiveClass: 1 },
    }
  })
}

const run = rounds([[], [3], [3, 4, 5], [3, 4, 5, 6, 7, 8, 9, 10]])

describe('falseNegativeRateBound', () => {
  it('falseNegativeRateBound holds the exact upper bound and tells what it stands on', () => {
    const decision = falseNegativeRateBound(0.08)(run.slice(0, 2))
    // 0 of 59: 1 - 0.05^(1/59) = 0.0495; 1 of 59: 0.0779
    expect(decision).toMatchObject({ stop: false, keep: 1, feasible: [0, 1] })
    expect(decision.reason).toMatch(/59/)
    expect(decision.reason).toMatch(/0\.0495/)
    expect(falseNegativeRateBound(0.0496)(run).feasible).toEqual([0])
    expect(falseNegativeRateBound(0.0495, { stopEarly: 4 })(run)).toMatchObject({
      stop: true,
      keep: undefined,
    })
  })

  it('falseNegativeRateBound asks of another class by labels and predictions', () => {
    expect(falseNegativeRateBound(0.05, { positiveClass: 0 })(run).feasible).toEqual([0, 1, 2, 3])
    const bare = ledger([{}])
    expect(() => falseNegativeRateBound(0.05, { positiveClass: 0 })(bare)).toThrow(TypeError)
  })

  it.each([
    [0, {}],
    [1.5, {}],
    [Number.NaN, {}],
    [0.1, { confidence: 1 }],
  ])('falseNegativeRateBound rejects %d with %o', (rate, options) =>
    expect(() => falseNegativeRateBound(rate, options)).toThrow(RangeError),
  )
})

describe('falseNegativesBound', () => {
  it('falseNegativesBound is the bound of the rate times the positives', () => {
    const [none, one] = [0, 1].map(
      (misses) => 59 * clopperPearson(misses, 59, { side: 'upper' }).upper,
    )
    expect(falseNegativesBound(none! + 1e-6)(run).feasible).toEqual([0])
    expect(falseNegativesBound(one! + 1e-6)(run).feasible).toEqual([0, 1])
  })
})

describe('newMissesAtMost', () => {
  it('newMissesAtMost counts what the dense network found', () => {
    const [dense, ...others] = rounds([[3], [3], [3, 4], [4, 5, 6]])
    const all = [dense!, ...others]
    expect(newMissesAtMost(1)(all)).toMatchObject({
      keep: 2,
      feasible: [0, 1, 2],
    })
    expect(newMissRateBound(0.05)(all).feasible).toEqual([0, 1])
    expect(newMissesAtMost(1)(all).latest).toMatch(/3 newly missed/)
    expect(newMissesAtMost(1)(all).reason).toMatch(
      /^1 new miss against at most 1 in round 2, .+; 1 newly missed/,
    )
  })

  it('newMissesAtMost and newMissRateBound want a limit in range, labels and predictions', () => {
    expect(() => newMissesAtMost({} as unknown as number)).toThrow(TypeError)
    expect(() => newMissesAtMost(-1)).toThrow(RangeError)
    expect(() => newMissRateBound({} as unknown as number)).toThrow(TypeError)
    expect(() => newMissRateBound(1.1)).toThrow(RangeError)
    expect(() => newMissRateBound(0)).toThrow(RangeError)
    expect(() => newMissRateBound(0.1)(ledger([{}]))).toThrow(/evaluate to return labels/)
    expect(() => newMissesAtMost(1)(ledger([{}]))).toThrow(/evaluate to return labels/)
  })
})

describe('aucNotBelow', () => {
  it('aucNotBelow refuses what a few samples without a standard error seem to prove', () => {
    const evaluationOf = (gap: number, samples: number) => {
      const labels = Int32Array.from({ length: 2 * samples }, (_, i) => i % 2)
      return {
        ...run[0]!.evaluation,
        labels,
        scores: Float64Array.from(labels, (label, i) => gap * label + i),
        positiveClass: 1,
      }
    }
    const rounds = (samples: number) =>
      [1000, 2000].map((gap, round) => ({
        ...run[0]!,
        round,
        evaluation: evaluationOf(gap, samples),
      }))
    const few = aucNotBelow({ slack: 0.02 })(rounds(5))
    expect(few.feasible).toEqual([0])
    // 1 - 0.05^(1/5)
    expect(few.latest).toMatch(
      /^0\.451 upper bound .+ on 5 positives and 5 negatives, which prove 0\.451 at equal areas/,
    )
    expect(aucNotBelow({ slack: 0.02 })(rounds(148)).feasible).toEqual([0])
    expect(aucNotBelow({ slack: 0.02 })(rounds(149)).feasible).toEqual([0, 1])
  })

  /** Scores of two networks that share a part; the second one is worse by so much. */
  function scoresOf(random: RandomStream, worse: number) {
    const normal = () =>
      Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
    const labels = Int32Array.from({ length: 150 }, (_, i) => Number(i < 30))
    const rows = Array.from(labels, (label) => {
      const common = (1 + label) * normal()
      const of = (shift: number) => label * shift + common + 0.5 * (1 + label) * normal()
      return [of(5.8), of(5.8 - worse)] as const
    })
    const [dense, pruned] = [0, 1].map((place) => Float64Array.from(rows, (row) => row[place]!))
    return { labels, positiveClass: 1, dense: dense!, pruned: pruned! }
  }
  const roundsOf = ({ dense, pruned, ...samples }: ReturnType<typeof scoresOf>) =>
    [dense, pruned].map((scores, round) => ({
      ...run[0]!,
      ...{ round, evaluation: { ...run[0]!.evaluation, ...samples, scores } },
    }))

  it("aucNotBelow joins the score intervals of both areas by DeLong's correlation", () => {
    const { labels, dense, pruned, positiveClass } = scoresOf(randomStream(3), 3)
    const level = { positiveClass, confidence: 0.9 }
    const before = aucScoreInterval(labels, dense, level)
    const after = aucScoreInterval(labels, pruned, level)
    const { standardError } = delongTest(labels, pruned, dense, { positiveClass })
    const [a, b] = [before.interval.upper - before.auc, after.auc - after.interval.lower]
    const product = Math.sqrt(before.variance * after.variance)
    const correlation = (before.variance + after.variance - standardError ** 2) / (2 * product)
    const joined = Math.sqrt(a ** 2 + b ** 2 - 2 * correlation * a * b)
    const bound = before.auc - after.auc + joined
    expect(joined).toBeGreaterThan(1 - 0.05 ** (1 / 30))
    const both = roundsOf({ labels, dense, pruned, positiveClass })
    expect(aucNotBelow({ slack: bound * (1 + 1e-9) })(both).feasible).toEqual([0, 1])
    expect(aucNotBelow({ slack: bound * (1 - 1e-9) })(both).feasible).toEqual([0])
  })

  it('aucNotBelow allows for positives that the pruned network alone loses, however few it saw', () => {
    const random = randomStream(11)
    const labels = Int32Array.from({ length: 330 }, (_, i) => Number(i < 30))
    const dense = Float64Array.from(labels, (label, i) => (label ? 10 * i + 0.5 : (i - 330) * 0.3))
    // Each positive is lost with a chance of 5 %, all others keep their order but for one pair.
    const rule = aucNotBelow({ slack: 0.05 })
    let kept = 0
    for (let i = 0; i < 200; i++) {
      const pruned = dense.map((score, at) =>
        labels[at] && random.uniform() < 0.05 ? -1000 - at : score + (at === 1 ? -9.5 : 0),
      )
      const compared = { labels, positiveClass: 1, dense, pruned }
      if (rule(roundsOf(compared)).keep === 1) kept++
    }
    expect(kept).toBe(0)
    const one = Int32Array.from({ length: 101 }, (_, i) => Number(i === 100))
    const alone = {
      labels: one,
      positiveClass: 1,
      dense: Float64Array.from(one),
      pruned: Float64Array.from(one),
    }
    expect(aucNotBelow({ slack: 0.9 })(roundsOf(alone)).keep).toBe(0)
    expect(aucNotBelow({ slack: 0.96 })(roundsOf(alone)).keep).toBe(1)
  })

  it('aucNotBelow seldom keeps a network that loses the whole slack', () => {
    const random = randomStream(7)
    const areaOf = (shift: number) => normalCdf(shift / Math.sqrt(5 + 1.25))
    const slack = areaOf(5.8) - areaOf(4.8)
    const rule = aucNotBelow({ slack })
    const repetitions = 400
    let [kept, byErrorAlone] = [0, 0]
    for (let i = 0; i < repetitions; i++) {
      const compared = scoresOf(random, 1)
      if (rule(roundsOf(compared)).keep === 1) kept++
      const { labels, dense, pruned } = compared
      const { difference, standardError } = delongTest(labels, pruned, dense, { positiveClass: 1 })
      if (1.645 * standardError - difference <= slack) byErrorAlone++
    }
    expect(kept).toBeLessThan(0.075 * repetitions)
    expect(byErrorAlone).toBeGreaterThan(0.1 * repetitions)
  })

  it('aucNotBelow accepts equal areas and refuses a clear loss', () => {
    expect(aucNotBelow({ slack: 0.02 })(run.slice(0, 1)).feasible).toEqual([0])
    const decision = aucNotBelow({ slack: 0.02 })(run)
    expect(decision.feasible).not.toContain(3)
    expect(decision.reason).toMatch(/59 positives and 59 negatives/)
    expect(aucNotBelow({ slack: 0.5 })(run).feasible).toEqual([0, 1, 2, 3])
  })

  it.each([{ slack: 0 }, { slack: 1 }, { slack: 0.1, confidence: 0 }])(
    'aucNotBelow rejects %o',
    (options) => expect(() => aucNotBelow(options)).toThrow(RangeError),
  )
})

describe('chooseRound', () => {
  it('chooseRound takes the cheapest round that meets rules and conditions', () => {
    const few = {
      name: 'at most 3 misses',
      holds: (round: RoundReport) => round.evaluation.confusion.falseNegatives <= 3,
    }
    const choice = chooseRound(run, { minimise: 'density', subjectTo: [few] })
    expect(choice).toMatchObject({ feasible: true, index: 2 })
    expect(choice.round).toBe(run[2])
    const strict = falseNegativeRateBound(0.08)
    expect(chooseRound(run, { minimise: 'density', subjectTo: [few, strict] }).index).toBe(1)
    const first = chooseRound(run, {
      minimise: ({ evaluation }) => evaluation.confusion.falseNegatives,
    })
    expect(first.index).toBe(0)
  })

  it('chooseRound takes the sparser round among equals', () => {
    expect(chooseRound(run, { minimise: () => 1 }).index).toBe(3)
  })

  it('chooseRound says so when no round is feasible', () => {
    const choice = chooseRound(run, {
      minimise: 'density',
      subjectTo: [{ name: 'nothing', holds: () => false }],
    })
    expect(choice).toMatchObject({ feasible: false, round: undefined, index: undefined })
    expect(choice.table).toHaveLength(4)
    expect(choice.reason).toMatch(/nothing/)
  })

  it('chooseRound rejects a condition that is no yes or no', () => {
    const wrong = { name: 'odd', holds: () => 3 as unknown as boolean }
    expect(() => chooseRound(run, { minimise: 'density', subjectTo: [wrong] })).toThrow(TypeError)
  })
})
