import { expect, test } from 'vitest'
import { globally } from '../../src/allocate/globally.js'
import { magnitude } from '../../src/criteria/magnitude.js'
import type { Mask } from '../../src/masks/mask.js'
import { computeMask } from '../../src/step/compute-mask.js'
import golden from '../golden/unstructured.json' with { type: 'json' }
import { type GoldenKernel, modelOfKernels } from '../support/model-of-kernels.js'

const isEmptied = (mask: readonly number[]) => mask.every((bit) => bit === 0)
const steps = golden.global.map(({ steps: all, ...one }) => ({
  ...one,
  steps: all.filter(({ masks }) => !masks.some(isEmptied)),
  last: all.find(({ masks }) => masks.some(isEmptied)),
  amounts: all.map(({ amount }) => amount).join(', '),
}))

/** The masks that leave the given numbers of weights of a model, one step after the other. */
async function masksBy(
  weights: readonly GoldenKernel[],
  densities: readonly number[],
): Promise<Mask[]> {
  const model = modelOfKernels(weights)
  const masks: Mask[] = []
  for (const density of densities) {
    const previous = masks.at(-1)
    const options = { criterion: magnitude(), allocate: globally(), ...(previous && { previous }) }
    masks.push(await computeMask(model, { density, ...options }))
  }
  model.dispose()
  return masks
}

const valuesOf = (mask: Mask) => mask.weights.map(({ values }) => [...values])

test.each(steps.filter((one) => one.steps.length > 0))(
  'globally keeps the weights that global_unstructured of PyTorch keeps, step by step: $net, pruned by $amounts',
  async ({ weights, size, steps: wanted }) => {
    const masks = await masksBy(
      weights,
      wanted.map(({ kept }) => kept / size),
    )
    expect(masks.map(valuesOf)).toEqual(wanted.map((step) => step.masks))
  },
)

test.each(steps.filter((one) => one.steps[0] && one.steps[0].amount < 1))(
  'globally keeps at a density of 1 - amount what global_unstructured of PyTorch keeps: $net, pruned by $amounts',
  async ({ weights, steps: [first] }) => {
    const [mask] = await masksBy(weights, [1 - first!.amount])
    expect(valuesOf(mask!)).toEqual(first!.masks)
  },
)

test.each(steps.filter(({ last }) => last !== undefined))(
  'globally keeps one weight of a layer that PyTorch empties, and one less elsewhere: $net, pruned by $amounts',
  async ({ weights, size, steps: before, last }) => {
    const { masks, kept } = last!
    const mask = (
      await masksBy(
        weights,
        [...before, last!].map((step) => step.kept / size),
      )
    ).at(-1)!
    expect(mask.kept).toBe(kept)
    mask.weights.forEach((weight, i) => {
      if (isEmptied(masks[i]!)) expect(weight.kept).toBe(1)
      else expect(weight.values.every((bit, at) => bit <= masks[i]![at]!)).toBe(true)
    })
  },
)
