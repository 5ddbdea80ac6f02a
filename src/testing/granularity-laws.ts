import { checkGrains } from '../granularity/check-grains.js'
import { expandGrains } from '../granularity/expand-grains.js'
import { grainMask } from '../granularity/grain-mask.js'
import { grainScores } from '../granularity/grain-scores.js'
import type { Granularity } from '../granularity/granularity.js'
import { keepInCells } from '../granularity/keep-in-cells.js'
import { randomStream } from '../internal/random.js'
import { keepHighest } from '../masks/keep-highest.js'
import { expectOneOf, expectSame, expectThat } from './expectations.js'
import { expectCount, expectJoint, expectMasks, sum } from './grain-counts.js'
import {
  grainedWeights,
  grainsOf,
  onGrains,
  smallConvolution,
  smallRecurrent,
} from './grained-weights.js'
import type { Law } from './law.js'

/**
 * The duties of a {@link Granularity}. It may refuse weights with a RangeError, but not all kinds
 * of kernels and biases. Runs on the backend that is set.
 *
 * @example
 * ```ts
 * import type { Granularity } from 'tfjs-prune'
 * import { granularityLaws } from 'tfjs-prune/testing'
 *
 * const pairs = (_: number, i: number) => i >> 1
 * const grains: Granularity['grains'] = ({ shape }) => {
 *   const size = shape.reduce((product, side) => product * side, 1)
 *   return { count: Math.ceil(size / 2), of: new Int32Array(size).map(pairs) }
 * }
 * for (const { check } of granularityLaws) await check(() => ({ name: 'pairs', grains, combine: 'mean' }))
 * ```
 */
export const granularityLaws: readonly Law<Granularity>[] = [
  {
    law: 'has a name, and combines scores in one of the three ways',
    check: (make) => {
      const { name, combine } = make()
      expectThat(/\S/.test(name), 'a name', name)
      expectOneOf(combine, [undefined, 'sum', 'mean', 'norm'], 'combine')
    },
  },
  {
    law: 'puts every element in exactly one group, or refuses the weight, but not every one',
    check: (make) => {
      let grouped = 0
      onGrains(make, (grains, _, weight) => {
        checkGrains(grains, weight)
        // Groups without elements are there to fill up cells, and only for that.
        if (grains.cell === undefined)
          expectSame(new Set(grains.of).size, grains.count, 'the groups with elements')
        grouped++
      })
      expectThat(grouped > 0, 'groups for some of the weights', 'none')
    },
  },
  {
    law: 'has cells of one size for all weights, or none',
    check: (make) => {
      const cells = new Set<number | undefined>()
      onGrains(make, ({ cell }) => cells.add(cell))
      expectThat(cells.size <= 1, 'cells of one size', [...cells])
    },
  },
  {
    law: 'groups in the same way again, also when it is made again, and changes nothing that it is shown',
    check: (make) => {
      const weights = grainedWeights(randomStream(1))
      const before = structuredClone(weights)
      const granularity = make()
      const all = weights.map((weight) => grainsOf(granularity, weight))
      const first = structuredClone(all)
      const again = weights.map((weight) => structuredClone(grainsOf(granularity, weight)))
      expectSame(again, first, 'the groups of the second call')
      expectSame(all, first, 'the groups of the first call, after all others,')
      const other = make()
      expectSame(
        weights.map((weight) => grainsOf(other, weight)),
        first,
        'the groups of a second one',
      )
      expectSame(weights, before, 'the weights that it was shown')
    },
  },
  {
    law: 'brings back a mask of whole groups, and nothing that a mask of elements has pruned',
    check: (make) => {
      onGrains(make, (grains, { below }) => {
        const mask = Uint8Array.from(grains.of, () => below(2))
        expectSame(
          expandGrains(grainMask(mask, grains), grains, mask),
          mask,
          'the mask of elements',
        )
        const groups = Uint8Array.from({ length: grains.count }, () => below(2))
        const filled = new Set(grains.of)
        const wanted = groups.map((value, group) => value & Number(filled.has(group)))
        expectSame(grainMask(expandGrains(groups, grains), grains), wanted, 'the mask of groups')
      })
    },
  },
  {
    law: 'keeps exactly k groups, whole ones, within the previous mask',
    check: (make) => {
      const { combine = 'sum' } = make()
      onGrains(make, (grains, { below, uniform }) => {
        const mask = Uint8Array.from(grains.of, () => Number(below(3) > 0))
        const scores = Float32Array.from(grains.of, () => 2 * uniform() - 1)
        const alive = grainMask(mask, grains)
        const combined = grainScores(scores, grains, { mask, combine })
        const { cell } = grains
        const count = cell ? 1 + below(cell) : below(1 + sum(alive))
        const groups = cell
          ? keepInCells(combined, { mask: alive, cell, density: count / cell })
          : keepHighest(combined, count, alive)
        expectCount(groups, alive, { count, ...(cell && { cell }) })
        const kept = expandGrains(groups, grains, mask)
        expectSame(grainMask(kept, grains), groups, 'the groups of the new mask')
      })
    },
  },
  {
    law: 'makes masks of a model with exactly k whole groups in each weight, which only shrink',
    check: async (make) => {
      for (const model of [smallConvolution(), smallRecurrent()]) {
        try {
          await expectMasks(model, make())
        } finally {
          model.dispose()
        }
      }
    },
  },
  {
    law: 'joins weights that the model has, each in one list, and of as many groups in a list',
    check: (make) => {
      const model = smallRecurrent()
      try {
        expectJoint(model, make())
      } finally {
        model.dispose()
      }
    },
  },
]
