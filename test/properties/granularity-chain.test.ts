import type { LayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { random } from '../../src/criteria/random.js'
import { blocks } from '../../src/granularity/blocks.js'
import { channels } from '../../src/granularity/channels.js'
import type { Grains, Granularity } from '../../src/granularity/granularity.js'
import { nOfM } from '../../src/granularity/n-of-m.js'
import { units } from '../../src/granularity/units.js'
import type { Mask } from '../../src/masks/mask.js'
import { selectWeights } from '../../src/select/select-weights.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { modelPlans, withModel } from '../support/random-models.js'

/**
 * The groups of each prunable weight; undefined for a model that has a weight without such groups.
 */
function grainsOf(model: LayersModel, granularity: Granularity): Grains[] | undefined {
  try {
    return selectWeights(model).weights.map((weight) => granularity.grains(weight))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Number of elements that each group keeps, and that it has. */
function keptByGroup({ count, of }: Grains, values: Uint8Array) {
  const groups = Array.from({ length: count }, () => ({ kept: 0, size: 0 }))
  values.forEach((value, i) => {
    groups[of[i]!]!.size++
    groups[of[i]!]!.kept += value
  })
  return groups
}

function expectSubset(mask: Mask, before: Mask | undefined): void {
  mask.weights.forEach(({ values }, i) => {
    expect(values.every((value, at) => value <= (before?.weights[i]?.values[at] ?? 1))).toBe(true)
  })
}

const whole: [string, () => Granularity][] = [
  ['units', () => units()],
  ['channels', () => channels()],
  ['blocks of 2 x 2', () => blocks([2, 2])],
]

test.each(whole)(
  'computeMask keeps exactly round(groups * density) whole groups of any model, with %s',
  async (_, make) => {
    await fc.assert(
      fc.asyncProperty(modelPlans, fc.constantFrom('perLayer', 'globally'), (plan, how) =>
        withModel(plan, async (model) => {
          const granularity = make()
          const grains = grainsOf(model, granularity)
          fc.pre(grains !== undefined)
          const allocate = how === 'perLayer' ? perLayer() : globally()
          let previous: Mask | undefined
          for (const density of [0.7, 0.4, 0.1]) {
            const options = { density, granularity, allocate, criterion: random({ seed: 2 }) }
            const mask = await computeMask(model, { ...options, ...(previous && { previous }) })
            expectSubset(mask, previous)
            // Parts of one cell make one choice: the first of them counts.
            const parts = new Set(granularity.joint?.(model).flatMap((names) => names.slice(1)))
            const counts = mask.weights.flatMap(({ name, values }, i) => {
              if (parts.has(name)) return []
              const groups = keptByGroup(grains![i]!, values)
              for (const { kept, size } of groups) expect([0, size]).toContain(kept)
              const alive = groups.filter(({ kept }) => kept > 0).length
              expect(alive).toBeGreaterThanOrEqual(1)
              if (how === 'perLayer')
                expect(alive).toBe(Math.max(1, Math.round(groups.length * density)))
              return [[alive, groups.length] as const]
            })
            const [alive, all] = [0, 1].map((part) =>
              counts.reduce((sum, count) => sum + count[part]!, 0),
            )
            if (how === 'globally')
              expect(alive).toBe(Math.max(counts.length, Math.round(all! * density)))
            previous = mask
          }
        }),
      ),
      { numRuns: 15 },
    )
  },
)

test('computeMask keeps exactly N of M inputs of every cell of any model, and masks only shrink', async () => {
  await fc.assert(
    fc.asyncProperty(modelPlans, (plan) =>
      withModel(plan, async (model) => {
        const granularity = nOfM({ of: 4 })
        const grains = grainsOf(model, granularity)
        fc.pre(grains !== undefined)
        let previous: Mask | undefined
        for (const density of [0.75, 0.5, 0.25]) {
          const options = { density, granularity, criterion: random({ seed: 3 }) }
          const mask = await computeMask(model, { ...options, ...(previous && { previous }) })
          expectSubset(mask, previous)
          mask.weights.forEach(({ values }, i) => {
            const groups = keptByGroup(grains![i]!, values)
            for (let cell = 0; cell < groups.length; cell += 4) {
              const own = groups.slice(cell, cell + 4)
              const [kept, size] = [
                own.reduce((a, b) => a + b.kept, 0),
                own.reduce((a, b) => a + b.size, 0),
              ]
              expect(kept).toBe(Math.min(4 * density, size))
            }
          })
          previous = mask
        }
      }),
    ),
    { numRuns: 25 },
  )
})
