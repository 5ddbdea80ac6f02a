import fc from 'fast-check'
import { expect } from 'vitest'
import { checkGrains } from '../../src/granularity/check-grains.js'
import { expandGrains } from '../../src/granularity/expand-grains.js'
import { grainMask } from '../../src/granularity/grain-mask.js'
import { grainScores } from '../../src/granularity/grain-scores.js'
import type { GrainedWeight, Granularity } from '../../src/granularity/granularity.js'
import { selectInCells } from '../../src/granularity/select-in-cells.js'
import { selectHighest } from '../../src/masks/select-highest.js'
import { conformance, type Law } from './laws.js'

/** Runs the contract of a granularity over one member: `make` makes it anew. */
export function granularityConformance(name: string, make: () => Granularity): void {
  conformance(name, granularityLaws, make)
}

/** Kernels that sum over inputs, which every granularity groups. */
export const grainedWeights: fc.Arbitrary<GrainedWeight> = fc
  .record({
    kind: fc.constantFrom(
      { className: 'Dense', role: 'kernel', rank: 2 },
      { className: 'Conv1D', role: 'kernel', rank: 3 },
      { className: 'Conv2D', role: 'kernel', rank: 4 },
      { className: 'Conv2DTranspose', role: 'kernel', rank: 4 },
      { className: 'SeparableConv2D', role: 'pointwise_kernel', rank: 4 },
      { className: 'SimpleRNN', role: 'recurrent_kernel', rank: 2 },
      { className: 'A class of a user', role: 'kernel', rank: 3 },
    ),
    sides: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ kind: { className, role, rank }, sides }) => {
    return { name: `a/${role}`, layer: 'a', role, className, shape: sides.slice(0, rank) }
  })

const bits = (size: number) =>
  fc.array(fc.constantFrom(0, 1, 1), { minLength: size, maxLength: size }).map((values) => Uint8Array.from(values))

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0)

/** The laws, for those who test the suite itself. */
export const granularityLaws: readonly Law<Granularity>[] = [
  {
    law: 'puts every element in exactly one group',
    check: (make) => {
      fc.assert(
        fc.property(grainedWeights, (weight) => {
          const grains = make().grains(weight)
          checkGrains(grains, weight)
          // Groups without elements are there to fill up cells, and only for that.
          if (grains.cell === undefined) expect(new Set(grains.of).size).toBe(grains.count)
        }),
      )
    },
  },
  {
    law: 'groups in the same way again, also when it is made again',
    check: (make) => {
      fc.assert(
        fc.property(grainedWeights, (weight) => {
          const granularity = make()
          const first = granularity.grains(weight)
          expect(granularity.grains(weight)).toEqual(first)
          expect(make().grains(weight)).toEqual(first)
          expect(make().name).toBe(granularity.name)
        }),
      )
    },
  },
  {
    law: 'brings back a mask of whole groups, and nothing that a mask of elements has pruned',
    check: (make) => {
      fc.assert(
        fc.property(grainedWeights, fc.infiniteStream(fc.constantFrom(0, 1)), (weight, stream) => {
          const grains = make().grains(weight)
          const mask = Uint8Array.from(grains.of, () => stream.next().value!)
          expect(expandGrains(grainMask(mask, grains), grains, mask)).toEqual(mask)
          const groups = Uint8Array.from({ length: grains.count }, () => stream.next().value!)
          const filled = grainMask(expandGrains(groups, grains), grains)
          expect(filled).toEqual(groups.map((value, group) => value & Number(grains.of.includes(group))))
        }),
      )
    },
  },
  {
    law: 'keeps exactly k groups, whole ones, within the previous mask',
    check: (make) => {
      const cases = grainedWeights.chain((weight) => {
        const size = weight.shape.reduce((product, side) => product * side, 1)
        const scores = fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: size, maxLength: size })
        return fc.record({
          weight: fc.constant(weight),
          mask: bits(size),
          scores,
          share: fc.double({ min: 0, max: 1, noNaN: true }),
        })
      })
      fc.assert(
        fc.property(cases, ({ weight, mask, scores, share }) => {
          const { grains: grainsOf, combine = 'sum' } = make()
          const grains = grainsOf(weight)
          const alive = grainMask(mask, grains)
          const combined = grainScores(Float32Array.from(scores), grains, { mask, combine })
          const { cell } = grains
          const count = cell ? Math.max(1, Math.round(share * cell)) : Math.round(share * sum(alive))
          const groups = cell
            ? selectInCells(combined, { mask: alive, cell, density: count / cell })
            : selectHighest(combined, count, alive)
          const kept = expandGrains(groups, grains, mask)
          expect(kept.every((value, i) => value <= mask[i]!)).toBe(true)
          expect(grainMask(kept, grains)).toEqual(groups)
          if (!cell) expect(sum(groups)).toBe(count)
          else {
            for (let begin = 0; begin < grains.count; begin += cell) {
              const left = sum(alive.subarray(begin, begin + cell))
              expect(sum(groups.subarray(begin, begin + cell))).toBe(Math.min(count, left))
            }
          }
        }),
      )
    },
  },
]
