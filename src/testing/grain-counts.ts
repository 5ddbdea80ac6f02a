import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expandGrains } from '../granularity/expand-grains.js'
import { grainMask } from '../granularity/grain-mask.js'
import type { Granularity } from '../granularity/granularity.js'
import type { Mask } from '../masks/mask.js'
import { selectWeights } from '../select/select-weights.js'
import { computeMask } from '../step/compute-mask.js'
import { expectSame } from './expectations.js'
import { grainsOf } from './grained-weights.js'

/** Number of ones of a mask. */
export const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0)

/**
 * Throws unless `count` of the groups alive stay, in all or in each cell; a cell that has fewer
 * keeps them.
 */
export function expectCount(
  groups: Uint8Array,
  alive: Uint8Array,
  { count, cell }: { count: number; cell?: number },
): void {
  const size = cell ?? groups.length
  for (let begin = 0; begin < groups.length; begin += size) {
    const left = sum(alive.subarray(begin, begin + size))
    expectSame(
      sum(groups.subarray(begin, begin + size)),
      Math.min(count, left),
      'the number of groups that stay',
    )
  }
}

/**
 * Prunes the weights that have groups in two steps, and throws unless whole groups stay, as many as
 * there should.
 */
export async function expectMasks(model: LayersModel, granularity: Granularity): Promise<void> {
  const weights = selectWeights(model).weights.filter((weight) => grainsOf(granularity, weight))
  const all = weights.map((weight) => granularity.grains(weight))
  if (weights.length === 0) return
  const cell = all[0]!.cell
  const options = { granularity, select: { include: weights.map(({ name }) => name) } }
  let previous: Mask | undefined
  for (const density of cell ? [Math.ceil(cell / 2) / cell, 1 / cell] : [0.5, 0.25]) {
    const mask = await computeMask(model, { ...options, density, ...(previous && { previous }) })
    mask.weights.forEach(({ name, values }, i) => {
      const grains = all[i]!
      const before = previous?.weights[i]?.values ?? new Uint8Array(values.length).fill(1)
      const groups = grainMask(values, grains)
      const count = Math.max(1, Math.round(density * (cell ?? grains.count)))
      expectCount(groups, grainMask(before, grains), { count, ...(cell && { cell }) })
      expectSame(values, expandGrains(groups, grains, before), `the mask of ${name}`)
    })
    previous = mask
  }
}
