import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leastCount, mostCount } from '../../src/metrics/counts-of-share.js'

const shares = fc.double({ min: 0, max: 1, noNaN: true })

/** The float64 that follows x, or precedes it. */
const neighbour = (x: number, steps: 1 | -1) => {
  const value = Float64Array.of(x)
  new BigInt64Array(value.buffer)[0]! += BigInt(steps)
  return value[0]!
}

const totals = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 2 ** 31 }))

describe('leastCount and mostCount', () => {
  it.each([
    [0.9, 10, 9],
    [0.7, 10, 7],
    [0.29, 100, 29],
    [0.57, 100, 57],
    [0.07, 100, 7],
    [0.1 * 3, 10, 4], // above 0.3
    [1e-300, 7, 1],
    [1, 7, 7],
  ])('leastCount of %d of %d is %d', (share, total, count) => {
    expect(leastCount(share, total)).toBe(count)
  })

  it.each([
    [0.9, 10, 9],
    [0.7, 10, 7],
    [0.29, 100, 29],
    [0.57, 100, 57],
    [0.1 * 3, 10, 3],
    [1 - 0.9, 10, 0], // below 0.1
    [0, 7, 0],
    [1, 7, 7],
  ])('mostCount of %d of %d is %d', (share, total, count) => {
    expect(mostCount(share, total)).toBe(count)
  })

  it('leastCount and mostCount of k / n are k, and move on with the next float64', () => {
    const wrong: string[] = []
    for (let n = 1; n <= 500; n++) {
      for (let k = 0; k <= n; k++) {
        if (leastCount(k / n, n) !== k || mostCount(k / n, n) !== k) wrong.push(`${k} / ${n}`)
        if (k < n && leastCount(neighbour(k / n, 1), n) !== k + 1) wrong.push(`above ${k} / ${n}`)
        if (k > 0 && mostCount(neighbour(k / n, -1), n) !== k - 1) wrong.push(`below ${k} / ${n}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('leastCount reaches the share and one less does not; mostCount keeps to it and one more does not', () => {
    fc.assert(
      fc.property(shares, totals, (share, total) => {
        const [least, most] = [leastCount(share, total), mostCount(share, total)]
        expect(least / total).toBeGreaterThanOrEqual(share)
        expect((least - 1) / total).toBeLessThan(share)
        expect(most / total).toBeLessThanOrEqual(share)
        expect((most + 1) / total).toBeGreaterThan(share)
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})
