import { expect, test } from 'vitest'
import { checkGrains } from '../../src/granularity/check-grains.js'
import { expandGrains } from '../../src/granularity/expand-grains.js'
import { grainMask } from '../../src/granularity/grain-mask.js'
import { grainScores } from '../../src/granularity/grain-scores.js'
import { refusalOf } from '../support/refusal-of.js'

const grains = { count: 3, of: Int32Array.of(0, 1, 0, 1, 0) }
const scores = Float32Array.of(3, -1, 4, 2, 12)

test('grainScores sums, averages or takes the norm of the scores of a group', () => {
  expect([...grainScores(scores, grains)]).toEqual([19, 1, 0])
  expect([...grainScores(scores, grains, { combine: 'mean' })]).toEqual([
    Math.fround(19 / 3),
    0.5,
    0,
  ])
  expect([...grainScores(scores, grains, { combine: 'norm' })]).toEqual([
    13,
    Math.fround(Math.sqrt(5)),
    0,
  ])
})

test('grainScores counts only what the mask keeps', () => {
  const mask = Uint8Array.of(1, 0, 1, 0, 0)
  const dirty = Float32Array.of(3, Number.NaN, 4, Infinity, 12)
  expect([...grainScores(dirty, grains, { mask })]).toEqual([7, 0, 0])
  expect([...grainScores(dirty, grains, { mask, combine: 'mean' })]).toEqual([3.5, 0, 0])
  expect([...grainScores(dirty, grains, { mask, combine: 'norm' })]).toEqual([5, 0, 0])
})

test('grainScores adds in float64', () => {
  const one = { count: 1, of: new Int32Array(3) }
  expect(grainScores(Float32Array.of(1e30, 1, -1e30), one)[0]).toBe(0)
  expect(grainScores(Float32Array.of(2 ** 24, 1, 1), one)[0]).toBe(2 ** 24 + 2)
  // The squares are beyond float32 on either side.
  expect(grainScores(Float32Array.of(3e30, 4e30, 0), one, { combine: 'norm' })[0]).toBe(
    Math.fround(5e30),
  )
  expect(grainScores(Float32Array.of(3e-30, 4e-30, 0), one, { combine: 'norm' })[0]).toBe(
    Math.fround(5e-30),
  )
})

test('grainMask keeps a group as long as one of its elements is there', () => {
  expect([...grainMask(Uint8Array.of(0, 0, 0, 1, 0), grains)]).toEqual([0, 1, 0])
  expect([...grainMask(Uint8Array.of(0, 0, 0, 0, 0), grains)]).toEqual([0, 0, 0])
  expect([...grainMask(Uint8Array.of(1, 1, 1, 1, 1), grains)]).toEqual([1, 1, 0])
})

test('expandGrains keeps the elements of kept groups that the mask before keeps', () => {
  expect([...expandGrains(Uint8Array.of(1, 0, 1), grains)]).toEqual([1, 0, 1, 0, 1])
  expect([...expandGrains(Uint8Array.of(1, 0, 0), grains, Uint8Array.of(0, 1, 1, 1, 1))]).toEqual([
    0, 0, 1, 0, 1,
  ])
})

test('grainScores, grainMask and expandGrains refuse other lengths', () => {
  const four = Uint8Array.of(1, 1, 1, 1)
  expect(refusalOf(() => grainScores(new Float32Array(4), grains))).toBe(
    'TypeError: Cannot score groups: expected 5 scores, got 4',
  )
  expect(refusalOf(() => grainScores(scores, grains, { mask: four }))).toBe(
    'TypeError: Cannot score groups: expected 5 mask values, got 4',
  )
  expect(refusalOf(() => grainMask(four, grains))).toBe(
    'TypeError: Cannot mask groups: expected 5 mask values, got 4',
  )
  expect(refusalOf(() => expandGrains(four, grains))).toBe(
    'TypeError: Cannot expand a mask: expected 3 mask values, got 4',
  )
  expect(refusalOf(() => expandGrains(Uint8Array.of(1, 1, 1), grains, four))).toBe(
    'TypeError: Cannot expand a mask: expected 5 previous mask values, got 4',
  )
  expect(refusalOf(() => grainScores(scores, grains, { combine: 'max' as never }))).toBe(
    "RangeError: Cannot score groups: expected combine to be 'sum' or 'mean' or 'norm', got \"max\"",
  )
  expect(refusalOf(() => grainScores(scores, grains, { combin: 'norm' } as never))).toBe(
    'TypeError: Cannot score groups: expected options among mask, combine, got combin: did you mean combine?',
  )
})

test.each([null, undefined, {}, { count: 3, of: [0, 1, 0, 1, 2] }])(
  'grainScores, grainMask and expandGrains name groups that are none: %j',
  (none) => {
    const groups = none as never
    const got = none === null ? 'null' : typeof none
    const mask = Uint8Array.of(1, 1, 1, 1, 1)
    for (const [task, call] of Object.entries({
      'score groups': () => grainScores(scores, groups),
      'mask groups': () => grainMask(mask, groups),
      'expand a mask': () => expandGrains(mask, groups, mask),
    }))
      expect(refusalOf(call)).toBe(
        `TypeError: Cannot ${task}: expected grains { count, of }, got ${got}`,
      )
  },
)

test('grainScores, grainMask and expandGrains name values that are none', () => {
  expect(
    [
      () => grainScores(null as never, grains),
      () => grainMask(null as never, grains),
      () => expandGrains(null as never, grains),
    ].map(refusalOf),
  ).toEqual([
    'TypeError: Cannot score groups: expected 5 scores, got null',
    'TypeError: Cannot mask groups: expected 5 mask values, got null',
    'TypeError: Cannot expand a mask: expected 3 mask values, got null',
  ])
})

const weight = { name: 'a/kernel', layer: 'a', role: 'kernel', className: 'Dense', shape: [2, 2] }
const of = Int32Array.of(0, 1, 0, 1)

test.each([
  [
    { count: 2, of: [0, 1, 0, 1] },
    'TypeError: Cannot group a/kernel: expected an Int32Array of groups, got object',
  ],
  [undefined, 'TypeError: Cannot group a/kernel: expected an Int32Array of groups, got undefined'],
  [
    { count: 2, of: of.slice(1) },
    'TypeError: Cannot group a/kernel: expected groups of 4 elements, got 3',
  ],
  [{ count: 0, of }, 'RangeError: Cannot group a/kernel: expected at least 1 group, got 0'],
  [{ count: 1, of }, 'RangeError: Cannot group a/kernel: expected groups from 0 to 0, got 1'],
  [
    { count: 2, of: of.map((group) => -group) },
    'RangeError: Cannot group a/kernel: expected groups from 0 to 1, got -1',
  ],
  [
    { count: 2, of, cell: 3 },
    'RangeError: Cannot group a/kernel: expected a cell that divides 2 groups, got 3',
  ],
  [
    { count: 2, of, cell: 0 },
    'RangeError: Cannot group a/kernel: expected a cell that divides 2 groups, got 0',
  ],
])('checkGrains refuses %j', (wrong, message) => {
  expect(refusalOf(() => checkGrains(wrong as never, weight))).toBe(message)
})

test('checkGrains accepts groups without elements and whole cells', () => {
  checkGrains({ count: 4, of, cell: 2 }, weight)
})
