import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf, binomialTail } from '../../src/internal/binomial.js'
import { clopperPearson } from '../../src/metrics/clopper-pearson.js'
import golden from '../golden/tests.json'

const counts = fc
  .integer({ min: 1, max: 300 })
  .chain((trials) =>
    fc.record({ trials: fc.constant(trials), successes: fc.integer({ min: 0, max: trials }) }),
  )
const confidences = fc.integer({ min: 1, max: 999 }).map((value) => value / 1000)

describe('clopperPearson', () => {
  it.each(golden.intervals)(
    'clopperPearson agrees with SciPy: $successes of $trials at $confidence',
    (row) => {
      for (const side of ['both', 'lower', 'upper'] as const) {
        const { lower, upper } = clopperPearson(row.successes, row.trials, {
          confidence: row.confidence,
          side,
        })
        const [low, high] = row.clopperPearson[side] as [number, number]
        expect(lower).toBeCloseTo(low, 10)
        expect(upper).toBeCloseTo(high, 10)
      }
    },
  )

  it('clopperPearson holds the true rate at least as often as it says, by enumeration', () => {
    for (const trials of [1, 2, 5, 12, 30]) {
      for (const [confidence, side] of [
        [0.8, 'both'],
        [0.95, 'both'],
        [0.9, 'upper'],
        [0.9, 'lower'],
      ] as const) {
        const intervals = Array.from({ length: trials + 1 }, (_, k) =>
          clopperPearson(k, trials, { confidence, side }),
        )
        for (let rate = 0.005; rate < 1; rate += 0.005) {
          const covered = intervals.reduce((sum, { lower, upper }, k) => {
            const mass = binomialCdf(k, trials, rate) - binomialCdf(k - 1, trials, rate)
            return lower <= rate && rate <= upper ? sum + mass : sum
          }, 0)
          expect(covered).toBeGreaterThanOrEqual(confidence - 1e-12)
        }
      }
    }
  })

  it('clopperPearson solves its equations for a million trials, and extreme confidence', () => {
    for (const confidence of [0.3, 0.95, 1 - 1e-9]) {
      for (const [k, n] of [
        [1, 1e6],
        [1000, 1e6],
        [500_000, 1e6],
        [2, 10],
      ] as const) {
        const { lower, upper } = clopperPearson(k, n, { confidence })
        expect(binomialTail(k, n, lower) / ((1 - confidence) / 2)).toBeCloseTo(1, 7)
        expect(binomialCdf(k, n, upper) / ((1 - confidence) / 2)).toBeCloseTo(1, 7)
      }
    }
    expect(clopperPearson(1, 2, { confidence: 1 - 1e-15 }).upper).toBeCloseTo(1, 14)
  })

  it('clopperPearson has the rate inside, within 0 and 1, and is longer with more confidence', () => {
    fc.assert(
      fc.property(counts, confidences, ({ trials, successes }, confidence) => {
        const short = clopperPearson(successes, trials, { confidence })
        const long = clopperPearson(successes, trials, { confidence: (1 + confidence) / 2 })
        const bounds = [0, long.lower, short.lower, successes / trials, short.upper, long.upper, 1]
        for (let i = 1; i < bounds.length; i++)
          expect(bounds[i - 1]).toBeLessThanOrEqual(bounds[i]! + 1e-15)
      }),
    )
  })

  it('clopperPearson rises with the successes and mirrors with the failures', () => {
    fc.assert(
      fc.property(counts, confidences, ({ trials, successes }, confidence) => {
        const { lower, upper } = clopperPearson(successes, trials, { confidence })
        const mirrored = clopperPearson(trials - successes, trials, { confidence })
        expect(lower).toBeCloseTo(1 - mirrored.upper, 12)
        expect(upper).toBeCloseTo(1 - mirrored.lower, 12)
        if (successes === trials) return
        const next = clopperPearson(successes + 1, trials, { confidence })
        expect(next.lower).toBeGreaterThan(lower)
        expect(next.upper).toBeGreaterThan(upper)
      }),
    )
  })

  it('clopperPearson of one side gives all of the error to it', () => {
    const both = clopperPearson(7, 76, { confidence: 0.9 })
    const upper = clopperPearson(7, 76, { confidence: 0.95, side: 'upper' })
    const lower = clopperPearson(7, 76, { confidence: 0.95, side: 'lower' })
    expect([upper.lower, lower.upper]).toEqual([0, 1])
    expect(upper.upper).toBeCloseTo(both.upper, 12)
    expect(lower.lower).toBeCloseTo(both.lower, 12)
  })

  it('clopperPearson reaches 0 without successes, 1 without failures, and is 95 % by default', () => {
    expect(clopperPearson(0, 10).lower).toBe(0)
    expect(clopperPearson(10, 10).upper).toBe(1)
    expect(clopperPearson(3, 10)).toEqual(clopperPearson(3, 10, { confidence: 0.95, side: 'both' }))
  })

  it('clopperPearson of no trials has NaN bounds', () => {
    for (const side of ['both', 'lower', 'upper'] as const) {
      expect(clopperPearson(0, 0, { side })).toEqual({ lower: Number.NaN, upper: Number.NaN })
    }
  })

  it('clopperPearson rejects counts that are none', () => {
    const cannot = 'Cannot compute clopperPearson: expected'
    const whole = 'to be a whole number of at least 0, got'
    expect(() => clopperPearson(1.5, 3)).toThrow(new RangeError(`${cannot} successes ${whole} 1.5`))
    expect(() => clopperPearson(-1, 3)).toThrow(new RangeError(`${cannot} successes ${whole} -1`))
    expect(() => clopperPearson(1, Number.NaN)).toThrow(
      new RangeError(`${cannot} trials ${whole} NaN`),
    )
    expect(() => clopperPearson('1' as unknown as number, 3)).toThrow(
      new TypeError(`${cannot} successes ${whole} "1"`),
    )
    expect(() => clopperPearson(4, 3)).toThrow(
      new RangeError(`${cannot} successes of at most 3 trials, got 4`),
    )
  })

  it('clopperPearson rejects a confidence outside (0, 1) and an unknown side', () => {
    const cannot = 'Cannot compute clopperPearson: expected'
    for (const confidence of [0, 1, 95, -0.5, Number.NaN]) {
      const message = `${cannot} confidence to be between 0 and 1, got ${confidence}`
      expect(() => clopperPearson(1, 3, { confidence })).toThrow(new RangeError(message))
    }
    const side = 'left' as 'lower'
    const message = `${cannot} side to be 'both' or 'lower' or 'upper', got "left"`
    expect(() => clopperPearson(1, 3, { side })).toThrow(new RangeError(message))
  })
})
