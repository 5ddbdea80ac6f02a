import { expect, test } from 'vitest'
import { computeMask } from '../../src/compute-mask.js'
import { disposeOptimizer } from '../../src/internal/optimizer-wrapper.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { optimizers } from '../support/optimizers.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { trainByHand } from '../support/training.js'
import { countAlive, countRevived, weightsByName } from '../support/weights.js'

/** A model with three quarters of its weights. */
function prunedModel() {
  const model = smallModel()
  const mask = everyFourth(model)
  applyMask(model, mask)
  return { model, mask }
}

test.each(Object.keys(optimizers))('maskedOptimizer revives no weight in 1,000 steps of a loop with %s', (kind) => {
  const { model, mask } = prunedModel()
  const before = weightsByName(model)
  const held = maskedOptimizer(optimizers[kind]!(), mask, model)
  trainByHand(model, held, { steps: 500, form: 'map' })
  expect(countRevived(model, mask)).toBe(0)
  trainByHand(model, held, { steps: 500, form: 'list' })
  expect(countRevived(model, mask)).toBe(0)
  expect(countAlive(model, mask)).toBe(mask.kept)
  for (const { name, kept } of mask.weights) {
    const moved = weightsByName(model)[name]!.filter((value, i) => value !== before[name]![i])
    expect([moved.length, moved.every(Number.isFinite)]).toEqual([kept, true])
  }
  expect(held.iterations).toBe(1000)
  held.dispose()
})

test.each(Object.keys(optimizers))('maskedOptimizer takes a list of gradients as it takes a map, with %s', (kind) => {
  const trained = (['map', 'list'] as const).map((form) => {
    const { model, mask } = prunedModel()
    const held = maskedOptimizer(optimizers[kind]!(), mask, model)
    trainByHand(model, held, { steps: 20, form })
    held.dispose()
    return weightsByName(model)
  })
  expect(trained[1]).toEqual(trained[0])
})

test.each(Object.keys(optimizers))('maskedOptimizer with a dense mask trains as %s alone does', async (kind) => {
  const [plain, wrapped] = [smallModel(), smallModel()]
  const inner = optimizers[kind]!()
  trainByHand(plain, inner, { steps: 20 })
  const held = maskedOptimizer(optimizers[kind]!(), await computeMask(wrapped, { density: 1 }), wrapped)
  trainByHand(wrapped, held, { steps: 20 })
  expect(weightsByName(wrapped)).toEqual(weightsByName(plain))
  disposeOptimizer(inner)
  held.dispose()
})
