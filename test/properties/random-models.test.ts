import { memory, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modelWeights } from '../../src/internal/model-weights.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { checkMask } from '../../src/masks/check-mask.js'
import { decodeMask, encodeMask } from '../../src/masks/encode-mask.js'
import { drawInitial } from '../../src/rounds/draw-initial.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { buildModel, type ModelPlan, modelPlans, withModel } from '../support/random-models.js'
import { bitsOf, countRevived, weightsByName } from '../support/weights.js'

const onRandomModels = (check: (model: LayersModel, plan: ModelPlan) => unknown) =>
  fc.assert(
    fc.asyncProperty(modelPlans, (plan) => withModel(plan, (model) => check(model, plan))),
    { numRuns: 60 },
  )

test('the weights of any model have names of their own, and each variable appears once', async () => {
  await onRandomModels((model) => {
    const weights = modelWeights(model)
    expect(new Set(weights.map(({ name }) => name)).size).toBe(weights.length)
    expect(new Set(weights.map(({ variable }) => variable)).size).toBe(weights.length)
    expect(new Set(weights.map(({ variable }) => variable))).toEqual(
      new Set(model.weights.map((one) => one.read())),
    )
    for (const { name, layer, role } of weights) expect(name).toBe(`${layer}/${role}`)
  })
})

test('the weights of a model are named alike when it is built again', async () => {
  await onRandomModels((model, plan) => {
    const again = buildModel(plan)
    const shapesOf = (one: LayersModel) =>
      modelWeights(one).map(({ role, shape }) => `${role} ${shape}`)
    expect(shapesOf(again)).toEqual(shapesOf(model))
    again.dispose()
  })
})

test('applyMask leaves +0 at pruned places of any model and every other bit as it is', async () => {
  await onRandomModels(async (model) => {
    const mask = await computeMask(model, { density: 0.3, select: { biases: true } })
    const before = weightsByName(model)
    applyMask(model, mask)
    expect(countRevived(model, mask)).toBe(0)
    const masks = new Map(mask.weights.map(({ name, values }) => [name, values]))
    for (const [name, values] of Object.entries(weightsByName(model))) {
      const wanted = before[name]!.map((value, i) => (masks.get(name)?.[i] === 0 ? 0 : value))
      expect(bitsOf(values)).toEqual(bitsOf(wanted))
      if (masks.has(name))
        for (const [i, value] of values.entries())
          if (!value) expect(Object.is(value, 0), `${i}`).toBe(true)
    }
  })
})

test('decodeMask gives back the mask of any model, and it still fits', async () => {
  await onRandomModels(async (model) => {
    const mask = await computeMask(model, { density: 0.4, select: { biases: true } })
    const copy = decodeMask(encodeMask(mask))
    expect(copy).toEqual(mask)
    checkMask(model, copy)
  })
})

test('drawing any weight of any model anew gives finite values of its shape', async () => {
  await onRandomModels((model) => {
    const before = memory().numTensors
    for (const weight of modelWeights(model)) {
      tidy(() => {
        const drawn = drawInitial(weight, 3)
        expect([drawn.dtype, drawn.shape]).toEqual(['float32', [...weight.shape]])
        expect(drawn.dataSync().every(Number.isFinite)).toBe(true)
      })
    }
    expect(memory().numTensors).toBe(before)
  })
})

test('computeMask and applyMask leave no tensor behind on any model', async () => {
  await onRandomModels(async (model) => {
    const before = memory().numTensors
    applyMask(model, await computeMask(model, { density: 0.5 }))
    expect(memory().numTensors).toBe(before)
  })
})
