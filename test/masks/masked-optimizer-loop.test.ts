import { expect, test } from 'vitest'
import { computeMask } from '../../src/compute-mask.js'
import { disposeOptimizer } from '../../src/internal/optimizer-wrapper.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { optimizers } from '../support/optimizers.js'
import { smallModel } from '../support/small-models.js'
import { trainByHand } from '../support/training.js'
import { countAlive, countRevived, weightsByName } from '../support/weights.js'

/** A model with a quarter of its weights, trained for 1,000 steps by hand. */
async function prunedAndTrained(kind: string, form: 'map' | 'list') {
  const model = smallModel()
  const mask = await computeMask(model, { density: 0.25, select: { biases: true } })
  applyMask(model, mask)
  const before = weightsByName(model)
  const held = maskedOptimizer(optimizers[kind]!(), mask, model)
  trainByHand(model, held, { steps: 1000, form })
  held.dispose()
  return { model, mask, before }
}

test.each(Object.keys(optimizers))(
  'maskedOptimizer revives no weight in 1,000 steps of a loop with %s',
  async (kind) => {
    const { model, mask, before } = await prunedAndTrained(kind, 'map')
    expect(countRevived(model, mask)).toBe(0)
    expect(countAlive(model, mask)).toBe(mask.kept)
    const moved = weightsByName(model)['out/kernel']!.filter((value, i) => value !== before['out/kernel']![i])
    expect(moved.length).toBe(mask.weights.find(({ name }) => name === 'out/kernel')!.kept)
  },
)

test.each(Object.keys(optimizers))(
  'maskedOptimizer takes a list of gradients as it takes a map, with %s',
  async (kind) => {
    const [map, list] = [await prunedAndTrained(kind, 'map'), await prunedAndTrained(kind, 'list')]
    expect(countRevived(list.model, list.mask)).toBe(0)
    expect(weightsByName(list.model)).toEqual(weightsByName(map.model))
  },
)

test.each(Object.keys(optimizers))('maskedOptimizer with a dense mask trains as %s alone does', async (kind) => {
  const [plain, wrapped] = [smallModel(), smallModel()]
  const mask = await computeMask(wrapped, { density: 1 })
  const inner = optimizers[kind]!()
  trainByHand(plain, inner, { steps: 20 })
  const held = maskedOptimizer(optimizers[kind]!(), mask, wrapped)
  trainByHand(wrapped, held, { steps: 20 })
  expect(weightsByName(wrapped)).toEqual(weightsByName(plain))
  disposeOptimizer(inner)
  held.dispose()
})
