import { describe, expect, it } from 'vitest'
import { entropyBound } from '../../../src/files/measure/entropy-bound.js'

describe('entropyBound', () => {
  it('entropyBound is N (H(p) + p b) / 8', () => {
    // H(1/2) = 1, H(1/4) = 2 - 3/4 log2 3
    expect(entropyBound({ size: 64, kept: 32, bits: 8 })).toBeCloseTo((64 * (1 + 4)) / 8, 10)
    const quarter = 2 - 0.75 * Math.log2(3)
    expect(entropyBound({ size: 100, kept: 25, bits: 32 })).toBeCloseTo(
      (100 * (quarter + 8)) / 8,
      10,
    )
  })

  it('entropyBound gives the factors of the paper’s AlexNet at 1.57 %: 52 with float32, 133 with int8', () => {
    const size = 2_471_842
    const factor = (bits: number) =>
      (size * 4) / entropyBound({ size, kept: Math.round(size * 0.0157), bits })
    expect(factor(32)).toBeCloseTo(51.7, 1)
    expect(factor(8)).toBeCloseTo(132.5, 0)
  })

  it('entropyBound counts the values alone where all is kept, and nothing where nothing is', () => {
    expect(entropyBound({ size: 10, kept: 10, bits: 32 })).toBe(40)
    expect(entropyBound({ size: 10, kept: 0, bits: 32 })).toBe(0)
    expect(entropyBound({ size: 0, kept: 0, bits: 32 })).toBe(0)
  })
})
