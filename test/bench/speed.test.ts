import { describe, expect, test } from 'vitest'
import { checkSame, furthest } from '../../bench/support/speed/compare.js'
import { byDensity, type StoredFigure, spanOf } from '../../bench/support/speed/runs.js'
import { MOST_OTHERS, ratioToThreads } from '../../bench/support/speed/threads-rule.js'
import { measureInTurns } from '../../bench/support/speed/times.js'

describe('ratioToThreads', () => {
  test('ratioToThreads gives the ratio on a quiet host', () => {
    expect(ratioToThreads({ peer: 6, ours: 2, others: MOST_OTHERS })).toBe(3)
  })

  test('ratioToThreads gives none where others keep cores busy', () => {
    expect(ratioToThreads({ peer: 6, ours: 2, others: MOST_OTHERS + 0.01 })).toBeUndefined()
  })
})

describe('checkSame', () => {
  test('checkSame returns the furthest output as a share of the largest', () => {
    const wanted = Float32Array.of(0, -2)
    expect(checkSame('a', Float32Array.of(1e-4, -2), wanted)).toBeCloseTo(5e-5, 9)
  })

  test('checkSame refuses other outputs, NaN, another length and zeros alone', () => {
    const wanted = Float32Array.of(1, 2)
    expect(() => checkSame('a side', Float32Array.of(1, 2.1), wanted)).toThrow('a side')
    expect(() => checkSame('a side', Float32Array.of(1, Number.NaN), wanted)).toThrow('NaN')
    expect(() => furthest(Float32Array.of(1), wanted)).toThrow('2 outputs, got 1')
    expect(() => furthest(wanted, new Float32Array(2))).toThrow('zeros alone')
  })
})

describe('spanOf', () => {
  test('spanOf finds median and ends, of odd and even numbers', () => {
    expect(spanOf([3, 1, 2])).toEqual({ least: 1, median: 2, most: 3 })
    expect(spanOf([4, 1, 2, 3])).toEqual({ least: 1, median: 2.5, most: 4 })
    expect(() => spanOf([])).toThrow('got none')
  })
})

test('byDensity gathers the lines of a batch, densest first', () => {
  const line = (run: number, density: number, batch: number) =>
    ({ run, density, batch }) as StoredFigure
  const lines = [line(1, 0.5, 1), line(1, 1, 1), line(1, 1, 32), line(2, 0.5, 1)]
  const found = byDensity(lines, 1).map((group) => group.map(({ run, density }) => [run, density]))
  expect(found).toEqual([
    [[1, 1]],
    [
      [1, 0.5],
      [2, 0.5],
    ],
  ])
})

/** Keeps the processor busy. */
function work(rounds: number): Float32Array {
  const sums = new Float32Array(1)
  for (let i = 0; i < rounds; i++) sums[0] = Math.sin(sums[0]! + i)
  return sums
}

test('measureInTurns counts processor time, not waiting, and waits for promises', async () => {
  const waiting = async () => {
    work(1e5)
    await new Promise((done) => setTimeout(done, 20))
    return work(1e5)
  }
  const subjects = [
    { name: 'more', call: () => work(2e6) },
    { name: 'waiting', call: waiting },
  ]
  const { times, others } = await measureInTurns(subjects, { budget: 1, turns: 3 })
  expect(times.waiting!.wall.least).toBeGreaterThan(20)
  expect(times.waiting!.processor.least).toBeLessThan(20)
  // it does ten times the work
  expect(times.more!.processor.least).toBeGreaterThan(3 * times.waiting!.processor.least)
  expect(others).toBeGreaterThanOrEqual(0)
})
