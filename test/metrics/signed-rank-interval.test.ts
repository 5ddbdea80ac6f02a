import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signedRankInterval } from '../../src/metrics/signed-rank-interval.js'
import { wilcoxonSignedRank } from '../../src/metrics/wilcoxon-signed-rank.js'
import golden from '../golden/signed-rank.json'

const cannot = 'Cannot compute signedRankInterval: expected'
const zeros = (values: readonly number[]) => values.map(() => 0)

describe('signedRankInterval', () => {
  it.each(golden.cases)('signedRankInterval agrees with R: $name', (row) => {
    const { first, second, confidence } = row
    const found = signedRankInterval(first, second, { confidence })
    expect(found.medianDifference).toBeCloseTo(row.medianDifference, 12)
    expect(found.lower).toBeCloseTo(row.interval[0]!, 12)
    expect(found.upper).toBeCloseTo(row.interval[1]!, 12)
    expect(found.pairs).toBe(first.length)
    expect(wilcoxonSignedRank(first, second).pValue / row.pValue).toBeCloseTo(1, 9)
  })

  it('signedRankInterval holds the shifts that wilcoxonSignedRank does not refuse', () => {
    // Powers of two by sign: no two Walsh averages alike, so that no shifted ranks tie.
    const values = [1, -2, 4, 8, 16, 32, -64, 128, 256, 512]
    const { lower, upper } = signedRankInterval(values, zeros(values), { confidence: 0.9 })
    const pAt = (shift: number) =>
      wilcoxonSignedRank(
        values,
        values.map(() => shift),
      ).pValue
    for (const [bound, inwards] of [
      [lower, 1e-6],
      [upper, -1e-6],
    ] as const) {
      expect(pAt(bound + inwards)).toBeGreaterThan(0.1)
      expect(pAt(bound - inwards)).toBeLessThanOrEqual(0.1)
    }
  })

  it('signedRankInterval moves with the first values, and turns with the order', () => {
    const pair = fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 }))
    fc.assert(
      fc.property(fc.array(pair, { minLength: 6, maxLength: 14 }), (pairs) => {
        const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
        const found = signedRankInterval(first, second)
        const moved = signedRankInterval(
          first.map((value) => value + 8),
          second,
        )
        const turned = signedRankInterval(second, first)
        expect(moved.medianDifference).toBe(found.medianDifference + 8)
        expect([moved.lower, moved.upper]).toEqual([found.lower + 8, found.upper + 8])
        expect(turned.lower + found.upper).toBe(0)
        expect(turned.medianDifference + found.medianDifference).toBe(0)
        expect(found.lower).toBeLessThanOrEqual(found.medianDifference)
        expect(found.upper).toBeGreaterThanOrEqual(found.medianDifference)
      }),
    )
  })

  it('signedRankInterval is endless where the pairs are too few for its confidence', () => {
    const five = [1, 2, 3, 4, 5]
    const endless = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }
    expect(signedRankInterval(five, zeros(five))).toEqual({
      ...{ medianDifference: 3, pairs: 5 },
      ...endless,
    })
    const { lower, upper } = signedRankInterval(five, zeros(five), { confidence: 0.9 })
    expect([lower, upper]).toEqual([1, 5])
  })

  it('signedRankInterval above 200 pairs is one Walsh average from the exact one at most', () => {
    const values = (n: number) => Array.from({ length: n }, (_, i) => ((i * 37) % 101) - 30)
    const exact = signedRankInterval(values(200), zeros(values(200)))
    const normal = signedRankInterval(values(201), zeros(values(201)))
    expect(Math.abs(exact.lower - normal.lower)).toBeLessThanOrEqual(0.5)
    expect(Math.abs(exact.upper - normal.upper)).toBeLessThanOrEqual(0.5)
    expect(normal.upper - normal.lower).toBeGreaterThan(4)
  })

  it('signedRankInterval rejects lists that do not pair, and a confidence outside (0, 1)', () => {
    expect(() => signedRankInterval([1, 2], [1])).toThrow(
      new TypeError(`${cannot} as many second values as first ones, got 1 for 2`),
    )
    expect(() => signedRankInterval([], [])).toThrow(
      new RangeError(`${cannot} at least one pair, got none`),
    )
    expect(() => signedRankInterval([Number.NaN], [1])).toThrow(
      new RangeError(`${cannot} first value 0 to be a finite number, got NaN`),
    )
    expect(() => signedRankInterval([1], [2], { confidence: 1 })).toThrow(
      new RangeError(`${cannot} confidence to be a number in (0, 1), got 1`),
    )
    expect(() => signedRankInterval([1], [2], { level: 0.9 } as object)).toThrow(TypeError)
  })
})
