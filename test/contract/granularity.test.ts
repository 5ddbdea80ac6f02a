import { expect, test } from 'vitest'
import { blocks } from '../../src/granularity/blocks.js'
import { channels } from '../../src/granularity/channels.js'
import { elements } from '../../src/granularity/elements.js'
import type { Granularity } from '../../src/granularity/granularity.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { units } from '../../src/granularity/units.js'
import { granularityConformance, granularityLaws } from './granularity.js'
import { brokenLaws } from './laws.js'

granularityConformance('elements', elements)
granularityConformance('units', units)
granularityConformance('units of the first axis', () => units({ axis: 0, combine: 'mean' }))
granularityConformance('channels', channels)
granularityConformance('blocks([2, 3])', () => blocks([2, 3]))
granularityConformance('nOfM({ of: 4 })', () => nOfM({ of: 4 }))
granularityConformance('nOfM({ of: 2 })', () => nOfM({ of: 2 }))

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)

// A user's own: the whole weight or nothing.
const whole: Granularity = { name: 'whole', grains: ({ shape }) => ({ count: 1, of: new Int32Array(sizeOf(shape)) }) }
granularityConformance('a granularity of a user', () => whole)

const broken: Record<string, Granularity> = {
  'forgets an element': { ...whole, grains: ({ shape }) => ({ count: 1, of: new Int32Array(sizeOf(shape) - 1) }) },
  'counts groups that it does not have': {
    ...whole,
    grains: ({ shape }) => ({ count: 2, of: new Int32Array(sizeOf(shape)) }),
  },
  'names groups from 1': { ...whole, grains: ({ shape }) => ({ count: 1, of: new Int32Array(sizeOf(shape)).fill(1) }) },
  'has cells of no whole number': {
    ...whole,
    grains: ({ shape }) => ({ count: 3, of: new Int32Array(sizeOf(shape)), cell: 2 }),
  },
}

test.each(Object.keys(broken))('granularityConformance turns down a granularity that %s', async (kind) => {
  expect(await brokenLaws(granularityLaws, () => broken[kind]!)).not.toEqual([])
})
