import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CubicDensityOptions, cubicDensity } from '../../src/gradual/cubic-density.js'
import { refusalOf } from '../support/refusal-of.js'

const options: fc.Arbitrary<CubicDensityOptions> = fc
  .record({
    densities: fc.tuple(
      fc.double({ min: 1e-3, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    begin: fc.nat(20),
    length: fc.integer({ min: 1, max: 40 }),
    every: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ densities: [final, share], begin, length, every }) => {
    return {
      finalDensity: final,
      initialDensity: Math.min(1, final + share * (1 - final)),
      begin,
      end: begin + length,
      every,
    }
  })

describe('cubicDensity', () => {
  test('cubicDensity follows the formula of Zhu and Gupta at each change', () => {
    // s_t = s_f + (s_i - s_f) (1 - (t - t0) / (n dt))^3 with the sparsities s = 1 - density
    const [initialDensity, finalDensity, begin, every, changes] = [0.9, 0.05, 30, 7, 9]
    const density = cubicDensity({
      initialDensity,
      finalDensity,
      begin,
      end: begin + changes * every,
      every,
    })
    for (let k = 0; k <= changes; k++) {
      const sparsity =
        1 -
        finalDensity +
        (finalDensity - initialDensity) * (1 - (k * every) / (changes * every)) ** 3
      expect(1 - density(begin + k * every)).toBeCloseTo(sparsity, 12)
      if (k < changes)
        expect(density(begin + k * every + every - 1)).toBe(density(begin + k * every))
    }
  })

  test('cubicDensity is 1 before the beginning, and has both ends exactly', () => {
    const density = cubicDensity({
      initialDensity: 0.7,
      finalDensity: 0.1,
      begin: 10,
      end: 20,
      every: 4,
    })
    expect([0, 9, 10, 13, 20, 21, 1e9].map(density)).toEqual([1, 1, 0.7, 0.7, 0.1, 0.1, 0.1])
  })

  test('cubicDensity reaches its end on time when the steps between do not fit', () => {
    const density = cubicDensity({ finalDensity: 0.5, end: 10, every: 4 })
    expect(density(8)).toBeCloseTo(0.5 + 0.5 * 0.2 ** 3, 12)
    expect(density(9)).toBe(density(8))
    expect(density(10)).toBe(0.5)
    expect([0, 9, 10].map(cubicDensity({ finalDensity: 0.5, end: 10, every: 99 }))).toEqual([
      1, 1, 0.5,
    ])
  })

  test('cubicDensity never grows and stays between its ends', () => {
    fc.assert(
      fc.property(options, ({ finalDensity, initialDensity = 1, ...others }) => {
        const density = cubicDensity({ finalDensity, initialDensity, ...others })
        let before = 1
        for (let step = 0; step <= others.end + 2; step++) {
          const now = density(step)
          expect(now).toBeLessThanOrEqual(before)
          expect(now).toBeGreaterThanOrEqual(finalDensity)
          if (step >= others.begin!) expect(now).toBeLessThanOrEqual(initialDensity)
          before = now
        }
        expect(before).toBe(finalDensity)
      }),
    )
  })

  test.each([
    [{ finalDensity: 0, end: 5 }, 'finalDensity to be in (0, 1), got 0'],
    [{ finalDensity: 1, end: 5 }, 'finalDensity to be in (0, 1), got 1'],
    [
      { finalDensity: 0.5, initialDensity: 0.4, end: 5 },
      'initialDensity to be in [0.5, 1], got 0.4',
    ],
    [
      { finalDensity: 0.5, initialDensity: 1.1, end: 5 },
      'initialDensity to be in [0.5, 1], got 1.1',
    ],
    [{ finalDensity: 0.5, end: 0 }, 'end to be a whole number above begin, 0, got 0'],
    [{ finalDensity: 0.5, begin: 7, end: 7 }, 'end to be a whole number above begin, 7, got 7'],
    [{ finalDensity: 0.5, begin: -1, end: 7 }, 'begin to be a whole number of at least 0, got -1'],
    [{ finalDensity: 0.5, end: 7, every: 0 }, 'every to be a whole number of at least 1, got 0'],
    [
      { finalDensity: 0.5, end: 7, every: 1.5 },
      'every to be a whole number of at least 1, got 1.5',
    ],
  ])('cubicDensity refuses %j', (wrong, end) => {
    const refusal = refusalOf(() => cubicDensity(wrong as CubicDensityOptions))
    expect(refusal).toBe(`RangeError: Cannot make a cubic density: expected ${end}`)
  })

  test('cubicDensity refuses to be made without an end', () => {
    const refusal = refusalOf(() => cubicDensity({ finalDensity: 0.5 } as CubicDensityOptions))
    const wanted = 'expected end to be a whole number of at least 0, got undefined'
    expect(refusal).toBe(`TypeError: Cannot make a cubic density: ${wanted}`)
  })

  test('cubicDensity refuses an option that does not exist', () => {
    expect(
      refusalOf(() => cubicDensity({ finalDensity: 0.5, end: 5, power: 2 } as never)),
    ).toContain('TypeError')
  })
})
