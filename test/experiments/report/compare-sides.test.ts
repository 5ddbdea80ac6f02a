import { describe, expect, it } from 'vitest'
import { compareValues } from '../../../experiments/class-dependent/report/compare-sides.js'

const valuesOf = (values: readonly number[]) => values.map((value, seed) => ({ seed, value }))
const compare = (own: readonly number[]) =>
  compareValues(valuesOf(own), valuesOf(own.map(() => 10)), 'minimise')!

describe('compareValues', () => {
  it('compareValues ties sizes that differ by the rounding of the rows alone', () => {
    const exact = compare([8, 12, 9, 7, 10, 6.5])
    const rounded = compare([8.0004, 12.0005, 9, 7, 10.0006, 6.5])
    expect(rounded.paired.pValue).toBe(exact.paired.pValue)
    expect(rounded.paired.pValue).not.toBe(compare([8, 12.01, 9, 7, 10, 6.5]).paired.pValue)
  })

  it('compareValues keeps the means, and differences that the rows do show', () => {
    const { own, other, paired } = compare([9, 9.01, 9.02, 9.03, 9.04, 9.05])
    expect(own).toBeCloseTo(9.025, 10)
    expect(other).toBe(10)
    expect(paired.interval!.lower).toBeCloseTo(-1, 2)
    expect(paired.interval!.upper).toBeCloseTo(-0.95, 2)
  })
})
