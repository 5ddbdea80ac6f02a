import { dispose, getBackend, type Tensor, train } from '@tensorflow/tfjs-core'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { expect, test } from 'vitest'
import { disposeOptimizer } from '../../src/internal/optimizer-wrapper.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { computeMask } from '../../src/step/compute-mask.js'
import { optimizers, stepsOf } from '../support/optimizers.js'
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

test.each(Object.keys(optimizers))(
  'maskedOptimizer revives no weight in hundreds of steps of a loop with %s',
  (kind) => {
    const { model, mask } = prunedModel()
    const before = weightsByName(model)
    const held = maskedOptimizer(model, optimizers[kind]!(), mask)
    trainByHand(model, held, { steps: stepsOf(kind) / 2, form: 'map' })
    expect(countRevived(model, mask)).toBe(0)
    trainByHand(model, held, { steps: stepsOf(kind) / 2, form: 'list' })
    expect(countRevived(model, mask)).toBe(0)
    expect(countAlive(model, mask)).toBe(mask.kept)
    for (const { name, kept } of mask.weights) {
      const moved = weightsByName(model)[name]!.filter((value, i) => value !== before[name]![i])
      expect([moved.length, moved.every(Number.isFinite)]).toEqual([kept, true])
    }
    expect(held.iterations).toBe(stepsOf(kind))
    held.dispose()
  },
)

const forms = ['map', 'list', 'minimize'] as const

test.each(Object.keys(optimizers))(
  'maskedOptimizer trains alike with a map, a list and minimize, with %s',
  (kind) => {
    if (getBackend() === 'wasm') registerWasmGradients()
    const trained = forms.map((form) => {
      const { model, mask } = prunedModel()
      const held = maskedOptimizer(model, optimizers[kind]!(), mask)
      trainByHand(model, held, { steps: 20, form })
      held.dispose()
      return weightsByName(model)
    })
    expect(trained[1]).toEqual(trained[0])
    expect(trained[2]).toEqual(trained[0])
  },
)

test('maskedOptimizer leaves the gradients that it is given as they are', () => {
  if (getBackend() === 'wasm') registerWasmGradients()
  const { model, mask } = prunedModel()
  const held = maskedOptimizer(model, train.momentum(0.1, 0.9), mask)
  const seen: Float32Array[] = []
  const given: Tensor[] = []
  const look = (gradients: Record<string, Tensor>) => {
    for (const gradient of Object.values(gradients)) {
      seen.push(gradient.dataSync().slice() as Float32Array)
      given.push(gradient.clone())
    }
    return gradients
  }
  trainByHand(model, held, { steps: 1, change: look })
  expect(given.map((gradient) => gradient.dataSync())).toEqual(seen)
  expect(countRevived(model, mask)).toBe(0)
  dispose(given)
  held.dispose()
})

test.each(Object.keys(optimizers))(
  'maskedOptimizer with a dense mask trains as %s alone does',
  async (kind) => {
    const [plain, wrapped] = [smallModel(), smallModel()]
    const inner = optimizers[kind]!()
    trainByHand(plain, inner, { steps: 20 })
    const held = maskedOptimizer(
      wrapped,
      optimizers[kind]!(),
      await computeMask(wrapped, { density: 1 }),
    )
    trainByHand(wrapped, held, { steps: 20 })
    expect(weightsByName(wrapped)).toEqual(weightsByName(plain))
    disposeOptimizer(inner)
    held.dispose()
  },
)
