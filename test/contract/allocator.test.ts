import { expect, test } from 'vitest'
import { erdosRenyiKernel } from '../../src/allocate/erdos-renyi-kernel.js'
import { globally } from '../../src/allocate/globally.js'
import { inGroups } from '../../src/allocate/in-groups.js'
import { lamp } from '../../src/allocate/lamp.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { proportional } from '../../src/allocate/proportional.js'
import { allocatorLaws } from '../../src/testing/allocator-laws.js'
import type { Allocator } from '../../src/types.js'
import { allocatorConformance } from './allocator.js'
import { brokenLaws } from './laws.js'

allocatorConformance('perLayer', perLayer)
allocatorConformance('globally', globally)
allocatorConformance('erdosRenyiKernel', erdosRenyiKernel)
allocatorConformance('proportional with a function', () =>
  proportional(({ size }) => 1 / Math.sqrt(size)),
)
allocatorConformance('proportional with a list', () =>
  proportional([{ include: /^layer(_0)?\//, factor: 7 }]),
)
allocatorConformance('lamp', lamp, { magnitudes: true })
allocatorConformance('inGroups', () => inGroups([{ include: /^layer(_0)?\// }], globally()))
allocatorConformance('inGroups within inGroups', () =>
  inGroups([
    {
      include: () => true,
      allocate: inGroups([{ include: /^layer(_0)?\//, allocate: erdosRenyiKernel() }]),
    },
  ]),
)

// A user's own: the layers at the front keep all they can.
const frontFirst: Allocator = (weights, density) => {
  const total = weights.reduce((sum, { size }) => sum + size, 0)
  const least = weights.reduce((sum, { minimumKept }) => sum + minimumKept, 0)
  let left = Math.max(0, Math.round(total * density) - least)
  return weights.map(({ minimumKept, maximumKept }) => {
    const extra = Math.min(left, maximumKept - minimumKept)
    left -= extra
    return minimumKept + extra
  })
}
allocatorConformance('an allocator of a user', () => frontFirst)

const idle: Record<string, Allocator> = {
  'keeps everything': (weights) => weights.map(({ kept }) => kept),
  'keeps one element a weight': (weights) => weights.map(() => 1),
  'answers an empty list': () => [],
  'does not round': (weights, density) => weights.map(({ size }) => size * density),
  'forgets the bounds': (weights, density) => weights.map(({ size }) => Math.round(size * density)),
}

test.each(Object.keys(idle))(
  'allocatorConformance turns down an allocator that %s',
  async (kind) => {
    expect(await brokenLaws(allocatorLaws, () => idle[kind]!)).not.toEqual([])
  },
)
