import { describe, expect, it } from 'vitest'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import { createConstants } from '../../../src/sparse/programs/layout/memory.js'

describe('createConstants', () => {
  it('writes an array once, until its place is forgotten', () => {
    const memory = createMemory()
    const { place, derive, forget } = createConstants(memory)
    const [first, second] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
    const owner = {}
    const kept = [place(first), derive(owner, 'kept', () => Int32Array.of(5))]
    const start = memory.used
    const lost = [place(second), derive(owner, 'lost', () => Int32Array.of(6))]
    const all = () => [
      place(first),
      derive(owner, 'kept', () => Int32Array.of(0)),
      place(second),
      derive(owner, 'lost', () => Int32Array.of(7)),
    ]
    expect(all()).toEqual([...kept, ...lost])
    memory.release(start)
    forget(start)
    memory.reserve(1000)
    const [a, b, c, d] = all()
    expect([a, b]).toEqual(kept)
    expect(c).toBeGreaterThan(lost[1]!)
    expect([...new Float32Array(memory.buffer, c!, 2)]).toEqual([3, 4])
    expect(new Int32Array(memory.buffer, d!, 1)[0]).toBe(7)
    expect(all()).toEqual([a, b, c, d])
  })
})
