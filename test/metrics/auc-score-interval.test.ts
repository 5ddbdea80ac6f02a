import fc from 'fast-check'
import { aucRoc, aucScoreInterval, delongInterval } from 'tfjs-prune/metrics'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { hasFewLostPairs } from '../../src/internal/score-interval.js'
import golden from '../golden/auc-interval.json'

const positiveClass = 1

const samples = fc
  .array(fc.tuple(fc.nat({ max: 1 }), fc.integer({ min: -6, max: 6 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) => [[0, 0], [1, 1], ...rows] as const)
  .map((rows) => ({ labels: rows.map(([label]) => label), scores: rows.map(([, score]) => score) }))

describe('aucScoreInterval', () => {
  // The wider of auRoc's interval after Newcombe and pROC's variance moved to theta.
  it.each(golden.cases)('aucScoreInterval agrees with auRoc and pROC: $name', (one) => {
    const { labels, scores, newcombe, moved } = one
    const { auc, interval } = aucScoreInterval(labels, scores, { positiveClass })
    expect(Math.abs(auc - one.auc)).toBeLessThan(1e-13)
    expect(Math.abs(interval.lower - Math.min(newcombe[0]!, moved[0]!))).toBeLessThan(1e-11)
    expect(Math.abs(interval.upper - Math.max(newcombe[1]!, moved[1]!))).toBeLessThan(1e-11)
  })

  it('aucScoreInterval holds its area, mirrors with the scores and widens with the confidence', () =>
    fc.assert(
      fc.property(samples, ({ labels, scores }) => {
        const { auc, interval } = aucScoreInterval(labels, scores, { positiveClass })
        expect(auc).toBe(aucRoc(labels, scores, { positiveClass }))
        expect(interval.lower).toBeGreaterThanOrEqual(0)
        expect(interval.upper).toBeLessThanOrEqual(1)
        expect(interval.lower).toBeLessThanOrEqual(auc)
        expect(interval.upper).toBeGreaterThanOrEqual(auc)
        expect(interval.upper - interval.lower).toBeGreaterThan(0)
        const options = { positiveClass, confidence: 0.99 }
        const wider = aucScoreInterval(labels, scores, options).interval
        expect(wider.upper - wider.lower).toBeGreaterThan(interval.upper - interval.lower)
        const turned = scores.map((score) => -score)
        const mirrored = aucScoreInterval(labels, turned, { positiveClass }).interval
        expect(mirrored.lower).toBeCloseTo(1 - interval.upper, 12)
        expect(mirrored.upper).toBeCloseTo(1 - interval.lower, 12)
      }),
      { numRuns: 200, seed: 1 },
    ))

  it("aucScoreInterval is Newcombe's where all pairs are in order", () => {
    const labels = Array.from({ length: 60 }, (_, i) => Number(i >= 30))
    const { auc, interval } = aucScoreInterval(labels, [...labels.keys()], { positiveClass })
    expect([auc, interval.upper]).toEqual([1, 1])
    // 1 - theta = z^2 theta (1 + 29 ((1 - theta) / (2 - theta) + theta / (1 + theta))) / 900
    const { lower } = interval
    const inflation = 1 + 29 * ((1 - lower) / (2 - lower) + lower / (1 + lower))
    expect(1 - lower).toBeCloseTo((1.959963984540054 ** 2 * lower * inflation) / 900, 10)
  })

  it('aucScoreInterval is NaN where a side is empty', () => {
    const { auc, interval } = aucScoreInterval([0, 0], [1, 2], { positiveClass })
    expect([auc, interval.lower, interval.upper]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })

  it.each([0, 1, Number.NaN])('aucScoreInterval rejects a confidence of %d', (confidence) => {
    expect(() => aucScoreInterval([0, 1], [1, 2], { positiveClass, confidence })).toThrow(
      RangeError,
    )
  })

  // bench/intervals.ts has the table; here are 300 repetitions of one cell, always the same ones.
  it('aucScoreInterval holds a high area of few positives where delongInterval does not', () => {
    const { uniform } = randomStream(5)
    const area = 0.96
    const labels = Array.from({ length: 180 }, (_, i) => Number(i < 30))
    const held = { score: 0, delong: 0 }
    for (let repetition = 0; repetition < 300; repetition++) {
      const scale = area / (1 - area)
      const scores = labels.map((label) => -(label ? scale : 1) * Math.log(1 - uniform()))
      const holds = ({ interval }: ReturnType<typeof delongInterval>) =>
        Number(interval.lower <= area && area <= interval.upper)
      held.score += holds(aucScoreInterval(labels, scores, { positiveClass }))
      held.delong += holds(delongInterval(labels, scores, { positiveClass }))
    }
    expect(held.score / 300).toBeGreaterThan(0.92)
    expect(held.delong / 300).toBeLessThan(0.9)
  })
})

describe('hasFewLostPairs', () => {
  it('hasFewLostPairs asks the smaller side, and the nearer end', () => {
    const has = (auc: number, positives: number, negatives = 1000) =>
      hasFewLostPairs(auc, { positives, negatives })
    expect([has(0.8, 40), has(0.8, 60), has(0.99, 900), has(0.98, 900)]).toEqual([
      ...[true, false, true, false],
    ])
    expect([has(0.2, 40), has(0.8, 1000, 40), has(1, 1000), has(Number.NaN, 0)]).toEqual([
      ...[true, true, true, false],
    ])
  })
})
