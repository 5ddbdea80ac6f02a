import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepHighest } from '../../src/masks/keep-highest.js'
import { refusalOf } from '../support/refusal-of.js'
import { randomValues } from '../support/weights.js'

/** The same by sorting: highest score first, -0 equal to +0, equal scores by flat index. */
function bySorting(scores: Float32Array, count: number, among: Uint8Array): Uint8Array {
  const order = [...scores.keys()]
    .filter((i) => among[i] === 1)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
  const kept = new Uint8Array(scores.length)
  for (const i of order.slice(0, count)) kept[i] = 1
  return kept
}

const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true })
const manyTies = fc.constantFrom(
  0,
  -0,
  1e-45,
  -1e-45,
  1.17549435e-38,
  1,
  1.0000001,
  -1,
  3.4028235e38,
  -3.4028235e38,
)
const scoresWith = (element: fc.Arbitrary<number>) =>
  fc.array(element, { maxLength: 60 }).chain((values) =>
    fc.record({
      scores: fc.constant(Float32Array.from(values)),
      among: fc
        .array(fc.constantFrom(0, 1, 1), { minLength: values.length, maxLength: values.length })
        .map((bits) => Uint8Array.from(bits)),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  )
const ones = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0)

test.each([
  ['any floats', anyFloat],
  ['ties, zeros of both signs and denormals', manyTies],
])('keepHighest keeps what a sort keeps, for %s', (_, element) => {
  fc.assert(
    fc.property(scoresWith(element), ({ scores, among, share }) => {
      const count = Math.round(share * ones(among))
      const kept = keepHighest(scores, count, among)
      expect(kept).toEqual(bySorting(scores, count, among))
      expect(ones(kept)).toBe(count)
      expect(kept.every((value, i) => value <= among[i]!)).toBe(true)
    }),
  )
})

test('keepHighest keeps what a sort keeps without a previous mask', () => {
  fc.assert(
    fc.property(scoresWith(manyTies), ({ scores, share }) => {
      const all = new Uint8Array(scores.length).fill(1)
      const count = Math.round(share * scores.length)
      expect(keepHighest(scores, count)).toEqual(bySorting(scores, count, all))
    }),
  )
})

test('keepHighest takes equal scores by flat index, both zeros being equal', () => {
  expect([...keepHighest(Float32Array.of(-0, 0, -0, 0), 2)]).toEqual([1, 1, 0, 0])
  expect([...keepHighest(Float32Array.of(0, -0, 1e-45, -1e-45), 2)]).toEqual([1, 0, 1, 0])
  expect([
    ...keepHighest(new Float32Array(6).fill(-3), 3, Uint8Array.of(0, 1, 0, 1, 1, 1)),
  ]).toEqual([0, 1, 0, 1, 1, 0])
})

test('keepHighest keeps none of none, none of some and all of all', () => {
  expect([...keepHighest(new Float32Array(0), 0)]).toEqual([])
  expect([...keepHighest(Float32Array.of(3, 1), 0)]).toEqual([0, 0])
  expect([...keepHighest(Float32Array.of(3, -1), 2)]).toEqual([1, 1])
})

test('keepHighest reads a part of a larger buffer', () => {
  const part = new Float32Array(Float32Array.of(9, 9, 1, 3, 2, 9).buffer, 8, 3)
  expect([...keepHighest(part, 1)]).toEqual([0, 1, 0])
})

test('keepHighest changes neither scores nor previous mask', () => {
  const scores = randomValues(100)
  const among = Uint8Array.from(scores, (_, i) => i % 2)
  const copies = [scores.slice(), among.slice()]
  keepHighest(scores, 10, among)
  expect([scores, among]).toEqual(copies)
})

test('keepHighest keeps exactly k of a million scores, and what a sort keeps', () => {
  const scores = randomValues(1_000_003).map((value, i) => (i % 7 === 0 ? 0.25 : value))
  const sorted = scores.toSorted().reverse()
  for (const count of [15_701, 500_000]) {
    const kept = keepHighest(scores, count)
    const lowest = scores.reduce(
      (least, value, i) => (kept[i] === 1 && value < least ? value : least),
      Infinity,
    )
    const above = scores.filter((value, i) => kept[i] === 0 && value > lowest)
    expect([ones(kept), lowest, above.length]).toEqual([count, sorted[count - 1], 0])
  }
})

test.each([Number.NaN, Infinity, -Infinity])('keepHighest refuses %s among the scores', (value) => {
  const scores = Float32Array.of(1, value, 2)
  expect(refusalOf(() => keepHighest(scores, 1))).toBe(
    `RangeError: Cannot keep the highest scores: expected finite scores, got ${value} at index 1`,
  )
  expect([...keepHighest(scores, 1, Uint8Array.of(1, 0, 1))]).toEqual([0, 0, 1])
})

test('keepHighest refuses a NaN with its sign bit set', () => {
  const scores = Float32Array.of(1, 2)
  new Uint32Array(scores.buffer)[0] = 0xffc0_0001
  expect(refusalOf(() => keepHighest(scores, 1))).toContain(
    'expected finite scores, got NaN at index 0',
  )
})

test.each([-1, 3, 1.5, Number.NaN])('keepHighest refuses %s of 2 candidates', (count) => {
  expect(
    refusalOf(() => keepHighest(Float32Array.of(1, 2, 3), count, Uint8Array.of(1, 0, 1))),
  ).toBe(`RangeError: Cannot keep the highest scores: expected a count from 0 to 2, got ${count}`)
})

test('keepHighest refuses masks that do not fit and scores of another type', () => {
  const scores = Float32Array.of(1, 2)
  expect(refusalOf(() => keepHighest(scores, 1, Uint8Array.of(1)))).toBe(
    'RangeError: Cannot keep the highest scores: expected 2 mask values, got 1',
  )
  expect(refusalOf(() => keepHighest(scores, 1, Uint8Array.of(255, 255)))).toBe(
    'RangeError: Cannot keep the highest scores: expected mask values of 0 and 1, got others',
  )
  for (const wrong of [Float64Array.of(1, 2), [1, 2], undefined]) {
    expect(refusalOf(() => keepHighest(wrong as never, 1))).toBe(
      `TypeError: Cannot keep the highest scores: expected a Float32Array, got ${typeof wrong}`,
    )
  }
})
