import { mul, type Optimizer, type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { disposeOptimizer } from '../../src/internal/optimizer-wrapper.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { boundWeights } from '../../src/masks/check-mask.js'
import type { Mask } from '../../src/masks/mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { optimizers, stepsOf, withMemory } from '../support/optimizers.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { trainByHand } from '../support/training.js'
import { countAlive, countRevived } from '../support/weights.js'

/** A model that was trained dense and pruned then, with the optimizer and its full slots. */
function trainedThenPruned(kind: string): { model: LayersModel; mask: Mask; optimizer: Optimizer } {
  const model = smallModel()
  const optimizer = optimizers[kind]!()
  trainByHand(model, optimizer, { steps: 20 })
  const mask = everyFourth(model)
  applyMask(model, mask)
  return { model, mask, optimizer }
}

/** What many pruning tools do: masks the gradients, and nothing else. */
function gradientMasking(model: LayersModel, mask: Mask) {
  const masks = new Map(
    boundWeights(model, mask).map(({ masked, weight }) => [weight.variable.name, masked]),
  )
  return (gradients: Record<string, Tensor>) =>
    Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => {
        const ones = tensor(Float32Array.from(masks.get(name)!.values), gradient.shape)
        const masked = mul(gradient, ones)
        ones.dispose()
        return [name, masked]
      }),
    )
}

test.each(withMemory)(
  'masking the gradients alone revives weights from the old slots of %s',
  (kind) => {
    const { model, mask, optimizer } = trainedThenPruned(kind)
    expect(countRevived(model, mask)).toBe(0)
    trainByHand(model, optimizer, { steps: 3, change: gradientMasking(model, mask) })
    expect(countRevived(model, mask)).toBe(mask.size - mask.kept)
    disposeOptimizer(optimizer)
  },
)

test.each(Object.keys(optimizers))(
  'maskedOptimizer revives no weight in hundreds of steps from the old slots of %s',
  (kind) => {
    const { model, mask, optimizer } = trainedThenPruned(kind)
    const held = maskedOptimizer(model, optimizer, mask)
    for (const steps of [1, 2, stepsOf(kind) - 3]) {
      trainByHand(model, held, { steps })
      expect(countRevived(model, mask)).toBe(0)
    }
    expect(countAlive(model, mask)).toBe(mask.kept)
    held.dispose()
  },
)
