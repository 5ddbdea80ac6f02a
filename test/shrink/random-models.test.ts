import { memory, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyMask } from '../../src/masks/apply-mask.js'
import { shrink } from '../../src/shrink/shrink.js'
import { buildModel, type ModelPlan, modelPlans } from '../support/random-models.js'
import { buildGraph, fillFinite, graphPlans, structuredMask } from './random-graphs.js'
import { differenceOf, inputsFor, outputsOf } from './support.js'

const onWasm = process.env.TFJS_BACKEND === 'wasm'
/**
 * What stock tfjs computes: no batch norm of volumes; transposed ones on wasm differ from call to
 * call.
 */
const isSound = ({ input, blocks }: ModelPlan) => {
  const unsound = ['nested', 'batchNormalization', ...(onWasm ? ['transposed'] : [])]
  return input !== 'volume' || !blocks.some((block) => unsound.includes(block))
}

/**
 * Shrinks, compares with the masked model on other inputs, and disposes all. Returns how many
 * parameters went.
 */
async function removed(model: LayersModel, seed: number, isTokens = false): Promise<number> {
  const before = memory().numTensors
  const mask = structuredMask(model, seed)
  const { model: small, parameters, multiplyAdds, layers } = await shrink(model, { mask, seed })
  const inputs = isTokens ? [tensor([0, 4, 2, 1], [1, 4], 'int32')] : inputsFor(model, seed)
  applyMask(model, mask)
  expect(differenceOf(outputsOf(model, inputs), outputsOf(small, inputs))).toBeLessThan(2e-5)
  expect(parameters.after).toBeLessThanOrEqual(parameters.before)
  expect(multiplyAdds.after).toBeLessThanOrEqual(multiplyAdds.before)
  expect(layers.every((layer) => layer.after >= 1 && layer.after <= layer.before)).toBe(true)
  for (const input of inputs) input.dispose()
  small.dispose()
  expect(memory().numTensors).toBe(before)
  model.dispose()
  return parameters.before - parameters.after
}

describe('shrink', () => {
  it('shrink keeps the outputs of random models and never adds parameters', async () => {
    let total = 0
    await fc.assert(
      fc.asyncProperty(modelPlans.filter(isSound), fc.nat(999), async (plan, seed) => {
        total += await removed(
          fillFinite(buildModel(plan), plan.seed),
          seed,
          plan.input === 'tokens',
        )
      }),
      { numRuns: Number(process.env.RUNS ?? 60), seed: 5 },
    )
    expect(total).toBeGreaterThan(0)
  })

  it('shrink keeps the outputs of random graphs and never adds parameters', async () => {
    let total = 0
    await fc.assert(
      fc.asyncProperty(graphPlans, fc.nat(999), async (plan, seed) => {
        total += await removed(buildGraph(plan), seed)
      }),
      { numRuns: Number(process.env.RUNS ?? 60), seed: 5 },
    )
    expect(total).toBeGreaterThan(0)
  })
})
