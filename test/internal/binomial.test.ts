import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf, binomialTail } from '../../src/internal/binomial.js'
import golden from '../golden/tests.json'

const relative = (actual: number, wanted: number) =>
  wanted < 1e-300 ? actual : Math.abs(actual / wanted - 1)

describe('binomialCdf and binomialTail', () => {
  it.each(golden.tails)(
    'binomialCdf and binomialTail agree with mpmath: k $k, n $n, p $p',
    ({ k, n, p, cdf, tail }) => {
      expect(relative(binomialCdf(k, n, p), cdf)).toBeLessThan(1e-12)
      expect(relative(binomialTail(k, n, p), tail)).toBeLessThan(1e-12)
    },
  )

  it('binomialCdf and binomialTail share the whole between k and k + 1, and mirror each other', () => {
    const counts = fc.record({
      n: fc.integer({ min: 1, max: 400 }),
      k: fc.integer({ min: -1, max: 401 }),
    })
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 64 }), ({ n, k }, part) => {
        const p = part / 64 // 1 - p is exact
        expect(binomialCdf(k, n, p) + binomialTail(k + 1, n, p)).toBeCloseTo(1, 12)
        const mirrored = binomialTail(n - k, n, 1 - p)
        expect(relative(binomialCdf(k, n, p), mirrored)).toBeLessThan(1e-11)
      }),
    )
  })

  it('binomialCdf of certain outcomes is 0 or 1', () => {
    expect([
      binomialCdf(0, 5, 0),
      binomialCdf(4, 5, 1),
      binomialCdf(5, 5, 1),
      binomialCdf(0, 0, 0.5),
    ]).toEqual([1, 0, 1, 1])
    expect([
      binomialTail(0, 5, 0),
      binomialTail(1, 5, 0),
      binomialTail(5, 5, 1),
      binomialTail(0, 0, 0.5),
    ]).toEqual([1, 0, 1, 1])
  })
})
