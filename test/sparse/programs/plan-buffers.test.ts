import { describe, expect, it } from 'vitest'
import { type Buffer, planBuffers } from '../../../src/sparse/programs/layout/buffers.js'
import { dice } from '../support/random-networks.js'

const buffer = (bytes: number, first: number, last: number): Buffer => ({
  ...{ bytes, first, last, place: -1, address: -1 },
})

describe('planBuffers', () => {
  it('uses the bytes of a value that is dead again', () => {
    const [a, b, c] = [buffer(640, 0, 1), buffer(320, 1, 2), buffer(640, 2, 3)]
    expect(planBuffers([a, b, c])).toBe(960)
    expect(c.place).toBe(a.place)
  })

  it('places no two buffers over each other while both are needed', () => {
    const d = dice(5)
    const buffers = Array.from({ length: 200 }, () => {
      const first = d.whole(60)
      return buffer(64 * (1 + d.whole(20)), first, first + d.whole(10))
    })
    const end = planBuffers(buffers)
    for (const a of buffers) {
      expect(a.place).toBeGreaterThanOrEqual(0)
      expect(a.place + a.bytes).toBeLessThanOrEqual(end)
      for (const b of buffers) {
        if (a === b || a.last < b.first || b.last < a.first) continue
        const apart = a.place + a.bytes <= b.place || b.place + b.bytes <= a.place
        expect(apart).toBe(true)
      }
    }
  })
})
