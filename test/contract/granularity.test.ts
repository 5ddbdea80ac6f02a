import { expect, test } from 'vitest'
import { blocks } from '../../src/granularity/blocks.js'
import { channels } from '../../src/granularity/channels.js'
import { elements } from '../../src/granularity/elements.js'
import type { Granularity } from '../../src/granularity/granularity.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { units } from '../../src/granularity/units.js'
import { randomStream } from '../../src/internal/random.js'
import { grainedWeights, grainsOf } from '../../src/testing/grained-weights.js'
import { granularityLaws } from '../../src/testing/granularity-laws.js'
import type { WeightPlace } from '../../src/types.js'
import { granularityConformance } from './granularity.js'
import { brokenLaws } from './laws.js'

const members: Record<string, () => Granularity> = {
  elements,
  units,
  'units of the first axis': () => units({ axis: 0, combine: 'mean' }),
  'units by their norm': () => units({ combine: 'norm' }),
  channels,
  'blocks([2, 3])': () => blocks([2, 3]),
  'nOfM({ of: 4 })': () => nOfM({ of: 4 }),
  'nOfM({ of: 2 })': () => nOfM({ of: 2 }),
}
for (const [name, make] of Object.entries(members)) granularityConformance(name, make)

const sumsOverInputs = ({ className, role }: WeightPlace) =>
  /kernel$/.test(role) && !/^depthwise/.test(role) && className !== 'Embedding'

test.each(Object.keys(members))('%s groups every kernel that sums over inputs', (name) => {
  const kernels = grainedWeights(randomStream(2)).filter(sumsOverInputs)
  expect(kernels.filter((weight) => grainsOf(members[name]!(), weight) === undefined)).toEqual([])
})

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)

// A user's own: the rows of a dense kernel, two and two; no other weight has them.
const pairsOfRows: Granularity = {
  name: 'pairs of rows',
  combine: 'mean',
  grains: ({ name, className, shape: [rows, columns, ...others] }) => {
    if (className !== 'Dense' || columns === undefined || others.length > 0) {
      throw new RangeError(
        `Cannot group ${name} by pairs of rows: expected the kernel of a dense layer`,
      )
    }
    const of = Int32Array.from({ length: rows! * columns }, (_, i) => i / columns / 2)
    return { count: Math.ceil(rows! / 2), of }
  },
}
granularityConformance('a granularity of a user', () => pairsOfRows)

// Another: the whole weight or nothing.
const whole: Granularity = {
  name: 'whole',
  grains: ({ shape }) => ({ count: 1, of: new Int32Array(sizeOf(shape)) }),
}
granularityConformance('a granularity of one group', () => whole)

const NAME = 'has a name, and combines scores in one of the three ways'
const GROUPS = 'puts every element in exactly one group, or refuses the weight, but not every one'
const CELLS = 'has cells of one size for all weights, or none'
const AGAIN =
  'groups in the same way again, also when it is made again, and changes nothing that it is shown'

const JOINT = 'joins weights that the model has, each in one list, and of as many groups in a list'

const firstAxis = (shape: readonly number[]) =>
  Int32Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(i / (sizeOf(shape) / shape[0]!)))
const throwing = (error: Error) => () => {
  throw error
}
let calls = 0
const shared = new Int32Array(1e4)

const broken: Record<string, [law: string, wrong: Partial<Granularity>]> = {
  'has no name': [NAME, { name: '' }],
  'combines in its own way': [NAME, { combine: 'maximum' as never }],
  'does nothing': [GROUPS, { grains: () => undefined as never }],
  'answers no groups': [GROUPS, { grains: () => ({ count: 0, of: new Int32Array(0) }) }],
  'refuses every weight': [GROUPS, { grains: throwing(new RangeError('no')) }],
  'fails in another way': [GROUPS, { grains: throwing(new Error('no')) }],
  'forgets an element': [
    GROUPS,
    { grains: ({ shape }) => ({ count: 1, of: new Int32Array(sizeOf(shape) - 1) }) },
  ],
  'counts groups that it does not have': [
    GROUPS,
    { grains: (weight) => ({ ...whole.grains(weight), count: 2 }) },
  ],
  'names groups from 1': [
    GROUPS,
    { grains: ({ shape }) => ({ count: 1, of: new Int32Array(sizeOf(shape)).fill(1) }) },
  ],
  'answers a plain list': [
    GROUPS,
    { grains: ({ shape }) => ({ count: 1, of: Array(sizeOf(shape)).fill(0) as never }) },
  ],
  'has cells of no whole number': [
    GROUPS,
    { grains: (weight) => ({ ...whole.grains(weight), count: 3, cell: 2 }) },
  ],
  'has cells of any size': [
    CELLS,
    {
      grains: (weight) => ({
        ...whole.grains(weight),
        count: weight.shape[0]!,
        cell: weight.shape[0]!,
      }),
    },
  ],
  'groups by its calls': [
    AGAIN,
    {
      grains: ({ shape }) => {
        const call = calls++
        return {
          count: 3,
          of: Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i + call) % 3),
        }
      },
    },
  ],
  'answers in an array that it uses again': [
    AGAIN,
    {
      grains: ({ shape }) => {
        const count = shape.at(-1)!
        const of = shared.subarray(0, sizeOf(shape))
        of.forEach((_, i) => {
          of[i] = i % count
        })
        return { count, of }
      },
    },
  ],
  'joins weights that the model does not have': [
    JOINT,
    { joint: () => [['first/kernel', 'none']] },
  ],
  'joins a weight twice': [JOINT, { joint: () => [['first/kernel'], ['first/kernel']] }],
  'joins weights with other numbers of groups': [
    JOINT,
    {
      grains: ({ shape }) => ({ count: shape[0]!, of: firstAxis(shape) }),
      joint: () => [['first/kernel', 'first/recurrent_kernel']],
    },
  ],
  'changes the shape that it is shown': [
    AGAIN,
    {
      grains: (weight) => {
        const grains = whole.grains(weight)
        ;(weight.shape as number[]).reverse()
        return grains
      },
    },
  ],
}

test.each(Object.keys(broken))(
  'granularityConformance turns down a granularity that %s',
  async (kind) => {
    const [law, wrong] = broken[kind]!
    expect(await brokenLaws(granularityLaws, () => ({ ...whole, ...wrong }))).toContain(law)
  },
)
