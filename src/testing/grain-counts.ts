import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expandGrains } from '../granularity/expand-grains.js'
import { grainMask } from '../granularity/grain-mask.js'
import type { Granularity } from '../granularity/granularity.js'
import { modelWeights } from '../internal/model-weights.js'
import type { Mask, MaskedWeight } from '../masks/mask.js'
import { selectWeights } from '../select/select-weights.js'
import { computeMask } from '../step/compute-mask.js'
import { expectSame, expectThat } from './expectations.js'
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
    for (const masks of jointMasks(mask, granularity.joint?.(model) ?? [])) {
      const [first, ...others] = masks.map(({ name, values }) => {
        return grainMask(values, all[weights.findIndex((weight) => weight.name === name)]!)
      })
      for (const other of others) expectSame(other, first, 'the groups of joint weights')
    }
    previous = mask
  }
}

function jointMasks(mask: Mask, lists: readonly (readonly string[])[]): MaskedWeight[][] {
  return lists.map((names) => mask.weights.filter(({ name }) => names.includes(name)))
}

/** Throws unless joint weights are those of the model, each once, with as many groups in a list. */
export function expectJoint(model: LayersModel, { grains, joint }: Granularity): void {
  const lists = joint?.(model) ?? []
  const names = lists.flat()
  expectSame(new Set(names).size, names.length, 'the number of joint weights')
  const known = new Map(modelWeights(model).map((weight) => [weight.name, weight]))
  for (const list of lists) {
    const counts = list.map((name) => {
      const weight = known.get(name)
      expectThat(weight !== undefined, 'names of weights of the model', name)
      return grains(weight!).count
    })
    expectThat(new Set(counts).size <= 1, `as many groups in ${list.join(' and ')}`, counts)
  }
}
