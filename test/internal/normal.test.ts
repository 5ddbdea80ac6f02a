import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../src/internal/normal.js'

describe('normalQuantile', () => {
  // Roots of log(erfc(-z / sqrt(2)) / 2) = log(p) by mpmath 1.2.1 at 40 digits, rounded to float64.
  it.each([
    [5e-324, -38.467405617144344],
    [1e-323, -38.44939448087599],
    [1e-320, -38.26912534303265],
    [2.3e-308, -37.5184972450123],
    [1e-300, -37.0470962993612],
    [9e-281, -35.78636337446637],
    [1.1e-280, -35.780759842147674],
    [1e-200, -30.20559417957964],
    [1e-100, -21.273453560965326],
    [1e-10, -6.361340902404057],
  ])('normalQuantile(%d) is %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-15)
  })

  it('normalQuantile is infinite at 0 and 1, 0 in the middle and NaN outside', () => {
    expect([0, 1, 0.5].map(normalQuantile)).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
    ])
    expect([-5e-324, -1, 1.1, Number.NaN].map(normalQuantile)).toEqual(Array(4).fill(Number.NaN))
  })
})
