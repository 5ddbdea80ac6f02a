import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Role, type SplitByRoleOptions, splitByRole } from '../../src/data/split-by-role.js'
import { refusalOf } from '../support/refusal-of.js'

const ROLES: readonly Role[] = ['train', 'validation', 'calibration', 'test']
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i)

/**
 * Labels with at least 20 samples a class, and shares of one to four roles, each at least a tenth.
 */
const cases = fc.record({
  classes: fc.array(fc.integer({ min: 20, max: 60 }), { minLength: 1, maxLength: 4 }),
  parts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
  whole: fc.boolean(),
  seed: fc.nat(50),
})

/**
 * Interleaved labels and the shares of the first roles; when `whole` they sum to 1, up to rounding.
 */
function unfold({ classes, parts, whole }: { classes: number[]; parts: number[]; whole: boolean }) {
  const labels = classes.flatMap((size, label) =>
    upTo(size).map((i) => ({ label: label * 3, at: i / size })),
  )
  const total = parts.reduce((sum, part) => sum + part, whole ? 0 : 1)
  const shares: Partial<Record<Role, number>> = {}
  parts.forEach((part, i) => {
    shares[ROLES[i]!] = part / total
  })
  return { labels: labels.sort((a, b) => a.at - b.at).map(({ label }) => label), shares }
}

test('splitByRole gives disjoint parts in ascending order, and every sample when the shares sum to 1', () => {
  fc.assert(
    fc.property(cases, ({ seed, ...rest }) => {
      const { labels, shares } = unfold(rest)
      const parts = splitByRole(labels, { shares, seed })
      for (const role of ROLES)
        expect([...parts[role]]).toEqual([...parts[role]].sort((a, b) => a - b))
      const all = ROLES.flatMap((role) => [...parts[role]])
      expect(new Set(all).size).toBe(all.length)
      if (rest.whole) expect(all.sort((a, b) => a - b)).toEqual(upTo(labels.length))
    }),
  )
})

test('splitByRole shares out each class in the same proportions, to the next whole sample', () => {
  fc.assert(
    fc.property(cases, ({ seed, ...rest }) => {
      const { labels, shares } = unfold(rest)
      const parts = splitByRole(labels, { shares, seed })
      for (const role of ROLES) {
        for (const label of new Set(labels)) {
          const size = labels.filter((other) => other === label).length
          const got = parts[role].filter((i) => labels[i] === label).length
          expect(Math.abs(got - (shares[role] ?? 0) * size)).toBeLessThanOrEqual(1)
        }
      }
    }),
  )
})

test('splitByRole gives exact shares where they are whole, and nothing to a role without one', () => {
  const labels = Uint8Array.from({ length: 200 }, (_, i) => Number(i % 10 === 0))
  const parts = splitByRole(labels, { shares: { train: 0.7, validation: 0.1, test: 0.2 } })
  expect(ROLES.map((role) => parts[role].length)).toEqual([140, 20, 0, 40])
  expect(ROLES.map((role) => parts[role].filter((i) => labels[i] === 1).length)).toEqual([
    14, 2, 0, 4,
  ])
})

test('splitByRole leaves samples over when the shares sum to less than 1', () => {
  const { train, test: held } = splitByRole(new Uint8Array(100), {
    shares: { train: 0.5, test: 0.2 },
  })
  expect([train.length, held.length]).toEqual([50, 20])
})

test('splitByRole depends on the seed alone, not on the order in which shares are written', () => {
  const labels = upTo(90).map((i) => i % 2)
  const shares = { train: 0.5, calibration: 0.3, test: 0.2 }
  const first = splitByRole(labels, { shares, seed: 4 })
  expect(
    splitByRole(labels, { shares: { test: 0.2, train: 0.5, calibration: 0.3 }, seed: 4 }),
  ).toEqual(first)
  expect(splitByRole(labels, { shares, seed: 5 })).not.toEqual(first)
  expect(splitByRole(labels, { shares })).toEqual(splitByRole(labels, { shares, seed: 0 }))
})

test('splitByRole is no mere cut: the parts of a sorted set are mixed', () => {
  const { train } = splitByRole(new Uint8Array(1000), { shares: { train: 0.5, test: 0.5 } })
  const early = train.filter((i) => i < 500).length
  expect(Math.abs(early - 250)).toBeLessThan(50) // standard deviation 7.9
})

test.each<[ArrayLike<number>, SplitByRoleOptions, string]>([
  [
    { dataSync: () => [0, 1] } as never,
    { shares: { train: 1 } },
    'TypeError: Cannot split the data: expected the class of each sample as labels, got a tensor: give what its data() settles to',
  ],
  [
    [0, '1' as never],
    { shares: { train: 1 } },
    'TypeError: Cannot split the data: expected label 1 to be a class index, got 1',
  ],
  [
    [],
    { shares: { train: 1 } },
    'RangeError: Cannot split the data: expected at least one label, got none',
  ],
  [
    [0],
    { shares: {} },
    'RangeError: Cannot split the data: expected shares that sum to at most 1, got 0',
  ],
  [
    [0],
    { shares: { train: 0.8, test: 0.3 } },
    'RangeError: Cannot split the data: expected shares that sum to at most 1, got 1.1',
  ],
  [
    [0],
    { shares: { train: 0.8, test: 0 } },
    'RangeError: Cannot split the data: expected the share for test to be in (0, 1], got 0',
  ],
  [
    [0, 1, 0, 1],
    { shares: { train: '0.5', test: '0.5' } as never },
    'TypeError: Cannot split the data: expected the share for train to be in (0, 1], got "0.5"',
  ],
  [
    [0],
    { shares: { train: Number.NaN } },
    'RangeError: Cannot split the data: expected the share for train to be in (0, 1], got NaN',
  ],
  [
    [0],
    { shares: { train: 0.5, dev: 0.5 } as never },
    'RangeError: Cannot split the data: expected a role of train, validation, calibration, test, got dev',
  ],
  [
    [0, 0, 0, 0, 1],
    { shares: { train: 0.75, test: 0.25 } },
    'RangeError: Cannot split the data: expected enough samples of class 1 for test, got 1 in all',
  ],
  [
    [0],
    { shares: { train: 1 }, seed: 1.5 },
    'RangeError: Cannot split the data: expected a whole number as seed, got 1.5',
  ],
])('splitByRole refuses %j with %j', (labels, options, message) => {
  expect(refusalOf(() => splitByRole(labels, options))).toBe(message)
})
