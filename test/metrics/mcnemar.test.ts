import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mcnemar, mcnemarOfPredictions } from '../../src/metrics/mcnemar.js'
import golden from '../golden/tests.json'
import { itRejectsBadPredictions } from './bad-predictions.js'

const sides = ['two-sided', 'greater', 'less'] as const
const count = fc.integer({ min: 0, max: 500 })

describe('mcnemar', () => {
  it.each(golden.mcnemar)('mcnemar agrees with SciPy: $onlyFirst against $onlySecond', (row) => {
    for (const alternative of sides) {
      const pValue = mcnemar(row.onlyFirst, row.onlySecond, { alternative })
      expect(pValue / row.pValues[alternative]).toBeCloseTo(1, 11)
    }
  })

  it('mcnemar is symmetric, and its one-sided tests mirror each other', () => {
    fc.assert(
      fc.property(count, count, (b, c) => {
        expect(mcnemar(b, c)).toBe(mcnemar(c, b))
        expect(mcnemar(b, c, { alternative: 'greater' })).toBeCloseTo(
          mcnemar(c, b, { alternative: 'less' }),
          12,
        )
        expect(mcnemar(b, c)).toBeGreaterThan(0)
        expect(mcnemar(b, c)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('mcnemar gets smaller as one model gets ahead, and is 1 when nothing differs', () => {
    expect(mcnemar(0, 0)).toBe(1)
    for (let b = 11; b < 60; b++)
      expect(mcnemar(b, 10)).toBeLessThan(mcnemar(b - 1, 10) + (b === 11 ? 1e-9 : 0))
  })

  it('mcnemar rejects counts that are not whole, and an unknown alternative', () => {
    const wanted = 'to be a whole number of at least 0, got'
    for (const bad of [1.5, -1, Number.NaN]) {
      expect(() => mcnemar(bad, 1)).toThrow(
        new RangeError(`Cannot compute mcnemar: expected onlyFirst ${wanted} ${bad}`),
      )
      expect(() => mcnemar(1, bad)).toThrow(
        new RangeError(`Cannot compute mcnemar: expected onlySecond ${wanted} ${bad}`),
      )
    }
    expect(() => mcnemar('1' as unknown as number, 1)).toThrow(TypeError)
    const alternative = 'higher' as 'greater'
    const message =
      "Cannot compute mcnemar: expected alternative to be 'two-sided' or 'greater' or 'less', got \"higher\""
    expect(() => mcnemar(1, 1, { alternative })).toThrow(new RangeError(message))
  })
})

describe('mcnemarOfPredictions', () => {
  it('mcnemarOfPredictions counts the samples that one model alone gets right', () => {
    const [labels, first, second] = [
      [0, 1, 2, 2, 1, 0],
      [0, 1, 2, 1, 0, 2],
      Int32Array.of(1, 0, 0, 2, 2, 2),
    ]
    const { onlyFirst, onlySecond } = mcnemarOfPredictions(labels, first, second)
    expect([onlyFirst, onlySecond]).toEqual([3, 1])
    for (const alternative of sides) {
      const { pValue } = mcnemarOfPredictions(labels, first, second, { alternative })
      expect(pValue).toBe(mcnemar(3, 1, { alternative }))
    }
  })

  itRejectsBadPredictions('mcnemarOfPredictions', ['first', 'second'], (labels, first, second) =>
    mcnemarOfPredictions(labels, first, second),
  )
})
