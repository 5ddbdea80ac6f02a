import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holm } from '../../src/metrics/holm.js'
import golden from '../golden/tests.json'

const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })

describe('holm', () => {
  it.each(golden.holm)('holm agrees with the closed test: $pValues', ({ pValues, adjusted }) => {
    expect(holm(pValues)).toHaveLength(adjusted.length)
    for (const [i, value] of adjusted.entries()) expect(holm(pValues)[i]).toBeCloseTo(value, 14)
  })

  it('holm is at least the raw value, at most Bonferroni, at most 1, and keeps the order', () => {
    fc.assert(
      fc.property(values, (raw) => {
        const adjusted = holm(raw)
        for (const [i, value] of raw.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(value)
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, raw.length * value))
          for (const [j, other] of raw.entries()) {
            if (value <= other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!)
          }
        }
        expect(Math.min(...adjusted)).toBe(Math.min(1, raw.length * Math.min(...raw)))
      }),
    )
  })

  it('holm gives back one value alone, nothing for nothing, and takes typed arrays', () => {
    expect([...holm([0.3])]).toEqual([0.3])
    expect(holm([])).toHaveLength(0)
    expect([...holm(Float64Array.of(0.5, 0.125))]).toEqual([0.5, 0.25])
  })

  it('holm rejects what is no p-value', () => {
    for (const bad of [-0.1, 1.1, Number.NaN]) {
      const message = `Cannot compute holm: expected p-value 1 to be a number from 0 to 1, got ${bad}`
      expect(() => holm([0.5, bad])).toThrow(new RangeError(message))
    }
    const text = 'Cannot compute holm: expected p-value 0 to be a number from 0 to 1, got "0.5"'
    expect(() => holm(['0.5' as unknown as number])).toThrow(new TypeError(text))
    const none = 'Cannot compute holm: expected an array of p-values, got undefined'
    expect(() => holm(undefined as unknown as number[])).toThrow(new TypeError(none))
  })
})
