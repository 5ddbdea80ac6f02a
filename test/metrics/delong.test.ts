import fc from 'fast-check'
import { aucRoc, delongInterval, delongTest } from 'tfjs-prune/metrics'
import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../src/internal/normal.js'

const positiveClass = 1

/** Share of the other side that a score wins against, ties counting half. */
const wins = (score: number, others: readonly number[]) =>
  others.reduce((sum, other) => sum + Number(score > other) + Number(score === other) / 2, 0) /
  others.length

const covariance = (a: readonly number[], b: readonly number[]) => {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [first, second] = [mean(a), mean(b)]
  return a.reduce((sum, value, i) => sum + (value - first) * (b[i]! - second), 0) / (a.length - 1)
}

/** The structural components as DeLong et al. write them, in O(n+ n-). */
function components(labels: readonly number[], scores: readonly number[]) {
  const positives = scores.filter((_, i) => labels[i] === 1)
  const negatives = scores.filter((_, i) => labels[i] === 0)
  const v10 = positives.map((score) => wins(score, negatives))
  const v01 = negatives.map((score) => 1 - wins(score, positives))
  return { v10, v01 }
}

function plainVariance(
  labels: readonly number[],
  first: readonly number[],
  second: readonly number[],
) {
  const [a, b] = [components(labels, first), components(labels, second)]
  return covariance(a.v10, b.v10) / a.v10.length + covariance(a.v01, b.v01) / a.v01.length
}

// At least two samples a side; few distinct scores, so that there are ties.
const samples = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -5, max: 5 }),
    ),
    {
      minLength: 4,
      maxLength: 40,
    },
  )
  .map((rows) => [[0, 1, 2], [0, -1, 3], [1, 2, 2], [1, 4, -1], ...rows] as const)
  .map((rows) => ({
    labels: rows.map((r) => r[0]),
    first: rows.map((r) => r[1]),
    second: rows.map((r) => r[2]),
  }))

describe('delongInterval', () => {
  it('delongInterval has the area of aucRoc and the variance of the plain form', () =>
    fc.assert(
      fc.property(samples, ({ labels, first }) => {
        const { auc, variance, positives, negatives } = delongInterval(labels, first, {
          positiveClass,
        })
        expect(auc).toBe(aucRoc(labels, first, { positiveClass }))
        expect(variance).toBeCloseTo(plainVariance(labels, first, first), 12)
        expect(positives + negatives).toBe(labels.length)
      }),
      { numRuns: 200, seed: 1 },
    ))

  it('delongInterval holds its area, stays within 0 and 1 and widens with the confidence', () =>
    fc.assert(
      fc.property(samples, ({ labels, first }) => {
        const { auc, interval } = delongInterval(labels, first, { positiveClass })
        const wider = delongInterval(labels, first, { positiveClass, confidence: 0.99 }).interval
        expect(interval.lower).toBeGreaterThanOrEqual(0)
        expect(interval.upper).toBeLessThanOrEqual(1)
        expect(interval.lower).toBeLessThanOrEqual(auc)
        expect(interval.upper).toBeGreaterThanOrEqual(auc)
        expect(wider.upper - wider.lower).toBeGreaterThan(interval.upper - interval.lower)
      }),
      { numRuns: 200, seed: 1 },
    ))

  it('delongInterval claims no certainty where all pairs are in order', () => {
    const { auc, variance, interval } = delongInterval([0, 0, 0, 1, 1], [1, 2, 3, 4, 5], {
      positiveClass,
    })
    expect([auc, variance, interval.upper]).toEqual([1, 0, 1])
    expect(interval.lower).toBeCloseTo(Math.sqrt(0.025), 12)
  })

  it('delongInterval is NaN where a side is empty', () => {
    const { auc, interval } = delongInterval([0, 0], [1, 2], { positiveClass })
    expect([auc, interval.lower, interval.upper]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })

  it.each([0, 1, -1, Number.NaN])('delongInterval rejects a confidence of %d', (confidence) => {
    expect(() => delongInterval([0, 1], [1, 2], { positiveClass, confidence })).toThrow(RangeError)
  })
})

describe('delongTest', () => {
  it('delongTest has the difference of the areas and the standard error of the plain form', () =>
    fc.assert(
      fc.property(samples, ({ labels, first, second }) => {
        const { difference, standardError } = delongTest(labels, first, second, { positiveClass })
        const areas = [first, second].map((scores) => aucRoc(labels, scores, { positiveClass }))
        const variance =
          plainVariance(labels, first, first) +
          plainVariance(labels, second, second) -
          2 * plainVariance(labels, first, second)
        expect(difference).toBeCloseTo(areas[0]! - areas[1]!, 12)
        expect(standardError ** 2).toBeCloseTo(variance, 12)
      }),
      { numRuns: 200, seed: 1 },
    ))

  it('delongTest changes sign with the order of the scores and calls equal scores equal', () =>
    fc.assert(
      fc.property(samples, ({ labels, first, second }) => {
        const [one, other] = [[first, second] as const, [second, first] as const].map(([a, b]) =>
          delongTest(labels, a, b, { positiveClass }),
        )
        expect(one!.difference + other!.difference).toBe(0)
        expect(one!.pValue).toBeCloseTo(other!.pValue, 12)
        expect(delongTest(labels, first, first, { positiveClass })).toEqual({
          difference: 0,
          standardError: 0,
          z: 0,
          pValue: 1,
        })
      }),
      { numRuns: 100, seed: 1 },
    ))

  it('delongTest rejects lengths that differ and NaN', () => {
    expect(() => delongTest([0, 1], [1, 2], [1], { positiveClass })).toThrow(TypeError)
    expect(() => delongTest([0, 1], [1, Number.NaN], [1, 2], { positiveClass })).toThrow(RangeError)
  })
})

describe('normalCdf and normalQuantile', () => {
  // From SciPy's norm.cdf.
  it.each([
    [-8, 6.220960574271785e-16],
    [-1.959963984540054, 0.025],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [2.5, 0.9937903346742238],
  ])('normalCdf(%d) is %d, and normalQuantile undoes it', (z, p) => {
    expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-13)
    expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 10)
  })
})
