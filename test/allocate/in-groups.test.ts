import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { inGroups } from '../../src/allocate/in-groups.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { allocationRequests, densities, request } from '../support/allocation-requests.js'
import { refusalOf } from '../support/refusal-of.js'

const named = (layer: string, scores: readonly number[]) =>
  request(scores, { name: `${layer}/kernel`, layer })

const weights = () => [
  named('stem/a', [1, 2, 3, 4]),
  named('head', [9, 9, 9, 9]),
  named('stem/b', [5, 6, 7, 8]),
  named('out', [0, 0, 0, 0]),
]

test('inGroups lets the weights of a group compete, and no others', () => {
  expect(inGroups([{ include: 'stem' }])(weights(), 0.5)).toEqual([1, 2, 3, 2])
})

test('inGroups takes an allocator for each group, and one for the rest together', () => {
  const keepAll = (all: readonly { readonly kept: number }[]) => all.map(({ kept }) => kept)
  const groups = [
    { include: 'stem', allocate: perLayer() },
    { include: /^head/, allocate: keepAll },
  ]
  expect(inGroups(groups)(weights(), 0.25)).toEqual([1, 4, 1, 1])
  expect(inGroups([{ include: 'stem', allocate: keepAll }], globally())(weights(), 0.75)).toEqual([
    4, 4, 4, 2,
  ])
})

test('inGroups with one group of all is the allocator of the group, and without groups that of the rest', () => {
  fc.assert(
    fc.property(allocationRequests(), densities, (requests, density) => {
      const expected = globally()(requests, density)
      expect(inGroups([{ include: () => true }])(requests, density)).toEqual(expected)
      expect(inGroups([], globally())(requests, density)).toEqual(expected)
    }),
    { numRuns: 50 },
  )
})

test('inGroups gives each group what its allocator gives to it alone', () => {
  fc.assert(
    fc.property(
      allocationRequests({ maximumWeights: 6 }),
      densities,
      fc.nat(5),
      (requests, density, at) => {
        const inside = (i: number) => i <= at
        const counts = inGroups([{ include: ({ layer }) => inside(Number(layer.split('_')[1])) }])(
          requests,
          density,
        )
        const [group, rest] = [
          requests.filter((_, i) => inside(i)),
          requests.filter((_, i) => !inside(i)),
        ]
        expect(counts).toEqual([...globally()(group, density), ...perLayer()(rest, density)])
      },
    ),
    { numRuns: 100 },
  )
})

test('inGroups shows a selector the role of a weight', () => {
  const seen: string[] = []
  inGroups([{ include: ({ role }) => seen.push(role) > 0 }])([named('a/b', [1, 2])], 0.5)
  expect(new Set(seen)).toEqual(new Set(['kernel']))
})

test('inGroups refuses a group without weights and a weight in two groups', () => {
  const refuse = (...groups: Parameters<typeof inGroups>[0]) =>
    refusalOf(() => inGroups(groups)(weights(), 0.5))
  expect(refuse({ include: 'stem' }, { include: ['head', 'tail'] })).toBe(
    'RangeError: Cannot select weights: expected groups[1].include to name one of ' +
      'stem/a/kernel, head/kernel, stem/b/kernel, out/kernel, got tail',
  )
  expect(refuse({ include: () => false })).toBe(
    'RangeError: Cannot share out the density in groups: expected weights in groups[0], got none',
  )
  expect(refuse({ include: 'stem' }, { include: 'head' }, { include: /b/ })).toBe(
    'RangeError: Cannot share out the density in groups: expected stem/b/kernel in one group, got groups 0 and 2',
  )
})

test('inGroups refuses what is no list, no allocator, or answers too few counts', () => {
  const action = 'TypeError: Cannot share out the density in groups: expected'
  expect(refusalOf(() => inGroups({} as never))).toBe(`${action} a list of groups, got object`)
  expect(refusalOf(() => inGroups([{ include: 'a', allocate: 1 as never }]))).toBe(
    `${action} an allocator, got number`,
  )
  expect(refusalOf(() => inGroups([], 'globally' as never))).toBe(
    `${action} an allocator, got string`,
  )
  const short = inGroups([{ include: 'stem', allocate: () => [1] }])
  expect(refusalOf(() => short(weights(), 0.5))).toBe(
    `${action} 2 counts from a group's allocator, got 1`,
  )
})
