import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ranksAmongKept, ranksWithinGroups } from '../../src/criteria/ranks.js'

/** Many ties, both zeros, both infinities, the ends of float32. */
const values = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2, 1e-45, -1e-45, Infinity, -Infinity, 3.4e38),
  fc.float({ noNaN: true }),
)
const lists = fc.array(fc.tuple(values, fc.boolean()), { maxLength: 40 })

test('ranksAmongKept is one more than the lower ones, plus half of the other equal ones, among the kept', () => {
  fc.assert(
    fc.property(lists, (list) => {
      const all = Float32Array.from(list, ([value]) => value)
      const mask = Uint8Array.from(list, ([, isKept]) => Number(isKept))
      const kept = all.filter((_, i) => mask[i] === 1)
      const expected = [...all].map((value, i) => {
        if (mask[i] === 0) return 0
        const equal = kept.filter((other) => other === value).length
        return kept.filter((other) => other < value).length + (equal + 1) / 2
      })
      expect([...ranksAmongKept(all, mask)]).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

test('ranksWithinGroups is one more than the lower ones and the equal ones behind, in a group', () => {
  const sides = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  fc.assert(
    fc.property(
      sides,
      fc.array(values, { minLength: 1, maxLength: 40 }),
      ([groups, inner], list) => {
        const size = groups * inner
        const all = Float32Array.from(
          list.slice(0, Math.max(size, list.length - (list.length % size))),
        )
        fc.pre(all.length % size === 0)
        const groupOf = (i: number) => Math.floor(i / inner) % groups
        const expected = [...all].map((value, i) => {
          const isBelow = (other: number, k: number) =>
            groupOf(k) === groupOf(i) && (other < value || (other === value && k > i))
          return 1 + all.filter(isBelow).length
        })
        expect([...ranksWithinGroups(all, { groups, inner })]).toEqual(expected)
      },
    ),
    { numRuns: 500 },
  )
})

test('ranksAmongKept and ranksWithinGroups pass NaN on, so that scores of it are refused', () => {
  const all = Float32Array.of(2, Number.NaN, 1, -Number.NaN)
  expect([...ranksAmongKept(all, [1, 1, 1, 0])].map(Number.isNaN)).toEqual([
    false,
    true,
    false,
    false,
  ])
  expect([...ranksWithinGroups(all, { groups: 1, inner: 1 })].map(Number.isNaN)).toEqual([
    false,
    true,
    false,
    true,
  ])
})

test('ranksAmongKept ranks each value of a long list as its place in the sorted one', () => {
  const all = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i) * 10 ** (i % 9))
  const ascending = all.slice().sort()
  const ranks = ranksAmongKept(all, new Uint8Array(all.length).fill(1))
  expect(all.every((value, i) => value === ascending[Math.floor(ranks[i]!) - 1])).toBe(true)
  expect(new Set(ranks).size).toBe(new Set(all).size)
})
