import fc from 'fast-check'
import { expect, test } from 'vitest'
import { erdosRenyiKernel } from '../../src/allocate/erdos-renyi-kernel.js'
import { globally } from '../../src/allocate/globally.js'
import { lamp } from '../../src/allocate/lamp.js'
import { perLayer } from '../../src/allocate/per-layer.js'
import { proportional } from '../../src/allocate/proportional.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import { random } from '../../src/criteria/random.js'
import type { Mask } from '../../src/masks/mask.js'
import { computeMask } from '../../src/step/compute-mask.js'
import type { Allocator } from '../../src/types.js'
import { modelPlans, withModel } from '../support/random-models.js'

const LEVELS = [1, 0.5, 0.25, 0.125, 0.0625, 0.0312, 0.0157]

const options = fc.record({
  criterion: fc.constantFrom(magnitude(), random({ seed: 1 })),
  biases: fc.boolean(),
  keepLastLayer: fc.boolean(),
})

/** Whether a mask keeps nothing that the mask before has pruned, over the same weights. */
function isSubset(mask: Mask, before: Mask): boolean {
  return mask.weights.every(({ name, values }, i) => {
    const previous = before.weights[i]!
    return previous.name === name && values.every((value, at) => value <= previous.values[at]!)
  })
}

/** Prunes a random model level by level and hands each mask over with the one before. */
async function eachLevel(
  allocate: Allocator,
  check: (mask: Mask, density: number, previous: Mask | undefined) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(modelPlans, options, (plan, { criterion, ...chosen }) =>
      withModel(plan, async (model) => {
        // A model of one dense layer has nothing else to prune.
        const select = {
          ...chosen,
          keepLastLayer:
            chosen.keepLastLayer && plan.blocks.some((b) => b !== 'batchNormalization'),
        }
        let previous: Mask | undefined
        for (const [round, density] of LEVELS.entries()) {
          const mask = await computeMask(model, {
            density,
            criterion,
            allocate,
            select,
            round,
            ...(previous && { previous }),
          })
          check(mask, density, previous)
          previous = mask
        }
      }),
    ),
    { numRuns: 40 },
  )
}

test('computeMask keeps exactly round(size * density) of each weight of any model at every level', async () => {
  await eachLevel(perLayer(), ({ weights }, density) => {
    for (const { values, kept } of weights) {
      expect(kept - Math.max(1, Math.round(values.length * density))).toBe(0)
      expect(values.filter((value) => value === 1).length).toBe(kept)
    }
  })
})

const inAll = {
  globally,
  lamp,
  erdosRenyiKernel,
  proportional: () => proportional(({ size }) => 1 / size),
}

test.each(Object.keys(inAll) as (keyof typeof inAll)[])(
  'computeMask keeps exactly round(size * density) of any model in all at every level, with %s',
  async (name) => {
    await eachLevel(inAll[name](), ({ weights, size, kept }, density) => {
      expect(kept - Math.max(weights.length, Math.round(size * density))).toBe(0)
      expect(weights.every((weight) => weight.kept >= 1)).toBe(true)
    })
  },
)

test.each([perLayer, globally, lamp, erdosRenyiKernel])(
  'computeMask only shrinks a mask, with $name',
  async (allocate) => {
    await eachLevel(allocate(), (mask, density, previous) => {
      if (!previous) expect([density, mask.density]).toEqual([1, 1])
      else expect(isSubset(mask, previous)).toBe(true)
    })
  },
)
