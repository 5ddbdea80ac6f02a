import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../src/internal/normal.js'
import { wilson } from '../../src/metrics/wilson.js'
import golden from '../golden/tests.json'

const counts = fc
  .integer({ min: 1, max: 300 })
  .chain((trials) =>
    fc.record({ trials: fc.constant(trials), successes: fc.integer({ min: 0, max: trials }) }),
  )
const confidences = fc.integer({ min: 1, max: 999 }).map((value) => value / 1000)

describe('wilson', () => {
  it.each(golden.intervals)(
    'wilson agrees with SciPy: $successes of $trials at $confidence',
    (row) => {
      for (const side of ['both', 'lower', 'upper'] as const) {
        const { lower, upper } = wilson(row.successes, row.trials, {
          confidence: row.confidence,
          side,
        })
        const [low, high] = row.wilson[side] as [number, number]
        expect(lower).toBeCloseTo(low, 12)
        expect(upper).toBeCloseTo(high, 12)
      }
    },
  )

  it('wilson inverts the score test: (r - p)^2 = z^2 p (1 - p) / n at both bounds', () => {
    fc.assert(
      fc.property(counts, confidences, ({ trials, successes }, confidence) => {
        const z = normalQuantile((1 + confidence) / 2)
        const { lower, upper } = wilson(successes, trials, { confidence })
        for (const p of [lower, upper]) {
          expect((successes / trials - p) ** 2).toBeCloseTo((z * z * p * (1 - p)) / trials, 12)
        }
        expect(lower).toBeLessThan(upper)
      }),
    )
  })

  it('wilson has the rate inside, within 0 and 1, and is longer with more confidence', () => {
    fc.assert(
      fc.property(counts, confidences, ({ trials, successes }, confidence) => {
        const short = wilson(successes, trials, { confidence })
        const long = wilson(successes, trials, { confidence: (1 + confidence) / 2 })
        const bounds = [0, long.lower, short.lower, successes / trials, short.upper, long.upper, 1]
        for (let i = 1; i < bounds.length; i++)
          expect(bounds[i - 1]).toBeLessThanOrEqual(bounds[i]! + 1e-15)
      }),
    )
  })

  it('wilson rises with the successes and mirrors with the failures', () => {
    fc.assert(
      fc.property(counts, confidences, ({ trials, successes }, confidence) => {
        const { lower, upper } = wilson(successes, trials, { confidence })
        const mirrored = wilson(trials - successes, trials, { confidence })
        expect(lower).toBeCloseTo(1 - mirrored.upper, 12)
        expect(upper).toBeCloseTo(1 - mirrored.lower, 12)
        if (successes === trials) return
        const next = wilson(successes + 1, trials, { confidence })
        expect(next.lower).toBeGreaterThan(lower)
        expect(next.upper).toBeGreaterThan(upper)
      }),
    )
  })

  it('wilson of one side gives all of the error to it', () => {
    const both = wilson(7, 76, { confidence: 0.9 })
    const upper = wilson(7, 76, { confidence: 0.95, side: 'upper' })
    const lower = wilson(7, 76, { confidence: 0.95, side: 'lower' })
    expect([upper.lower, lower.upper]).toEqual([0, 1])
    expect(upper.upper).toBeCloseTo(both.upper, 12)
    expect(lower.lower).toBeCloseTo(both.lower, 12)
  })

  it('wilson reaches 0 without successes, 1 without failures, and is 95 % by default', () => {
    expect(wilson(0, 10).lower).toBe(0)
    expect(wilson(10, 10).upper).toBe(1)
    expect(wilson(3, 10)).toEqual(wilson(3, 10, { confidence: 0.95, side: 'both' }))
  })

  it('wilson of no trials has NaN bounds', () => {
    for (const side of ['both', 'lower', 'upper'] as const) {
      expect(wilson(0, 0, { side })).toEqual({ lower: Number.NaN, upper: Number.NaN })
    }
  })

  it('wilson rejects counts that are none', () => {
    const cannot = 'Cannot compute wilson: expected'
    const whole = 'to be a whole number of at least 0, got'
    expect(() => wilson(1.5, 3)).toThrow(new RangeError(`${cannot} successes ${whole} 1.5`))
    expect(() => wilson(-1, 3)).toThrow(new RangeError(`${cannot} successes ${whole} -1`))
    expect(() => wilson(1, 2 ** 53)).toThrow(
      new RangeError(
        `${cannot} trials to be a whole number of at least 0, at most 2^53 - 1, got 9007199254740992`,
      ),
    )
    expect(() => wilson(1, Number.NaN)).toThrow(new RangeError(`${cannot} trials ${whole} NaN`))
    expect(() => wilson('1' as unknown as number, 3)).toThrow(
      new TypeError(`${cannot} successes ${whole} "1"`),
    )
    expect(() => wilson(4, 3)).toThrow(
      new RangeError(`${cannot} successes of at most 3 trials, got 4`),
    )
  })

  it('wilson rejects a confidence outside (0, 1) and an unknown side', () => {
    const cannot = 'Cannot compute wilson: expected'
    for (const confidence of [0, 1, 95, -0.5, Number.NaN]) {
      const message = `${cannot} confidence to be between 0 and 1, got ${confidence}`
      expect(() => wilson(1, 3, { confidence })).toThrow(new RangeError(message))
    }
    const side = 'left' as 'lower'
    const message = `${cannot} side to be 'both' or 'lower' or 'upper', got "left"`
    expect(() => wilson(1, 3, { side })).toThrow(new RangeError(message))
  })
})
