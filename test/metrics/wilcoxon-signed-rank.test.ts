import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilcoxonSignedRank } from '../../src/metrics/wilcoxon-signed-rank.js'
import golden from '../golden/tests.json'

const sides = ['two-sided', 'greater', 'less'] as const
const pairs = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: -6, max: 6 })), {
  minLength: 1,
  maxLength: 9,
})

describe('wilcoxonSignedRank', () => {
  it.each(golden.wilcoxon)('wilcoxonSignedRank agrees with SciPy: $name', (row) => {
    for (const alternative of sides) {
      const test = wilcoxonSignedRank(row.first, row.second, { alternative })
      expect(test.pValue / row.pValues[alternative]).toBeCloseTo(1, 9)
      expect(test.positiveRanks).toBe(row.positiveRanks)
      expect(test.exact).toBe(row.exact)
    }
  })

  it('wilcoxonSignedRank is the share of all sign choices, ties and zeros included', () => {
    fc.assert(
      fc.property(pairs, (values) => {
        const [first, second] = [values.map(([a]) => a), values.map(([, b]) => b)]
        const sizes = values.map(([a, b]) => Math.abs(a - b)).filter((size) => size > 0)
        const ranks = sizes.map((size) => {
          return (
            sizes.filter((other) => other < size).length +
            (sizes.filter((other) => other === size).length + 1) / 2
          )
        })
        const test = wilcoxonSignedRank(first, second, { alternative: 'greater' })
        let hits = 0
        for (let signs = 0; signs < 2 ** sizes.length; signs++) {
          const sum = ranks.reduce((total, rank, i) => total + ((signs >> i) & 1 ? rank : 0), 0)
          if (sum >= test.positiveRanks) hits++
        }
        expect(test.pValue).toBeCloseTo(hits / 2 ** sizes.length, 12)
        expect(test.pairs).toBe(sizes.length)
        expect(test.equalPairs).toBe(values.length - sizes.length)
        expect(test.positiveRanks + test.negativeRanks).toBe(
          (sizes.length * (sizes.length + 1)) / 2,
        )
      }),
    )
  })

  it('wilcoxonSignedRank ties differences that rounding alone keeps apart, as those of counts', () => {
    const counts = [
      [3, 2],
      [1, 2],
      [9, 8],
      [7, 4],
      [5, 5],
      [6, 9],
    ]
    const column = (side: number, scale: number) => counts.map((pair) => pair[side]! * scale)
    const wanted = wilcoxonSignedRank(column(0, 1), column(1, 1))
    for (const scale of [0.1, 1 / 3, 1e-9]) {
      expect(wilcoxonSignedRank(column(0, scale), column(1, scale))).toEqual(wanted)
      const [first, second] = [0, 1].map((side) => Float32Array.from(column(side, scale)))
      expect(wilcoxonSignedRank(first!, second!)).toEqual(wanted)
    }
    expect(wilcoxonSignedRank([0.1 + 0.2], [0.3]).equalPairs).toBe(1)
    expect(wilcoxonSignedRank([1 + 1e-12, 3], [1, 2]).positiveRanks).toBe(3)
  })

  it('wilcoxonSignedRank is symmetric, and its one-sided tests mirror each other', () => {
    fc.assert(
      fc.property(pairs, (values) => {
        const [first, second] = [values.map(([a]) => a), values.map(([, b]) => b)]
        expect(wilcoxonSignedRank(first, second).pValue).toBe(
          wilcoxonSignedRank(second, first).pValue,
        )
        const greater = wilcoxonSignedRank(first, second, { alternative: 'greater' })
        const less = wilcoxonSignedRank(second, first, { alternative: 'less' })
        expect(greater.pValue).toBe(less.pValue)
      }),
    )
  })

  it('wilcoxonSignedRank above 200 pairs comes within 2 % of the exact distribution where p is below 0.02', () => {
    const n = 201
    const differences = Float64Array.from({ length: n }, (_, i) => (i + 1) * (i % 5 < 3 ? 1 : -1))
    const test = wilcoxonSignedRank(differences, new Float64Array(n))
    let shares = [1] // shares[w] = P(W = w)
    for (let rank = 1; rank <= n; rank++) {
      shares = Array.from(
        { length: shares.length + rank },
        (_, w) => ((shares[w] ?? 0) + (shares[w - rank] ?? 0)) / 2,
      )
    }
    const exact = 2 * shares.slice(test.positiveRanks).reduce((sum, share) => sum + share, 0)
    expect(test.exact).toBe(false)
    expect(exact).toBeGreaterThan(0.001)
    expect(exact).toBeLessThan(0.02)
    expect(Math.abs(test.pValue / exact - 1)).toBeLessThan(0.02)
  })

  it('wilcoxonSignedRank is 1 when no pair differs, and leaves its arguments as they are', () => {
    const [first, second] = [Float64Array.of(3, -1), Float64Array.of(3, -1)]
    const { pValue, pairs: differing, equalPairs } = wilcoxonSignedRank(first, second)
    expect([pValue, differing, equalPairs]).toEqual([1, 0, 2])
    expect([...first, ...second]).toEqual([3, -1, 3, -1])
  })

  it('wilcoxonSignedRank rejects lists that do not pair, values that are not finite, an unknown alternative', () => {
    const cannot = 'Cannot compute wilcoxonSignedRank: expected'
    const run = (first: unknown, second: unknown) => () =>
      wilcoxonSignedRank(first as number[], second as number[])
    expect(run([1, 2], [1])).toThrow(
      new TypeError(`${cannot} as many second values as first ones, got 1 for 2`),
    )
    expect(run(null, [1])).toThrow(new TypeError(`${cannot} an array of first values, got null`))
    expect(run([], [])).toThrow(new RangeError(`${cannot} at least one pair, got none`))
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const message = `${cannot} second value 1 to be a finite number, got ${bad}`
      expect(run([1, 2], [1, bad])).toThrow(new RangeError(message))
    }
    expect(run(['1'], [1])).toThrow(
      new TypeError(`${cannot} first value 0 to be a finite number, got "1"`),
    )
    const alternative = 'higher' as 'greater'
    const message = `${cannot} alternative to be 'two-sided' or 'greater' or 'less', got "higher"`
    expect(() => wilcoxonSignedRank([1], [2], { alternative })).toThrow(new RangeError(message))
  })
})
