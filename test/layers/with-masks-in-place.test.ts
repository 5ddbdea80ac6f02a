import {
  getBackend,
  type Scalar,
  square,
  sum,
  type Tensor,
  tidy,
  train,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { describe, expect, it } from 'vitest'
import { withMasks } from '../../src/layers/with-masks.js'
import { applyMask } from '../../src/masks/apply-mask.js'
import { maskedOptimizer } from '../../src/masks/masked-optimizer.js'
import { layerCases, nothingRevived, randomMask, randomTensor } from './models.js'

/** Ten steps; the loss depends on every output. */
function train10(
  model: LayersModel,
  optimizer: ReturnType<typeof train.momentum>,
  x: Tensor,
): Float32Array[] {
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const cost = () => tidy(() => sum(square(model.apply(x, { training: true }) as Tensor)) as Scalar)
  for (let step = 0; step < 10; step++) optimizer.minimize(cost, false, variables)
  return variables.map((variable) => variable.dataSync() as Float32Array)
}

const cases = layerCases.filter(
  ({ className, trainsOn }) => className !== 'Embedding' && trainsOn.length > 0,
)

// With the kernel of registerWasmGradients gradients and weights are masked in place.
describe.skipIf((process.env.TFJS_BACKEND ?? 'cpu') !== 'wasm')(
  'withMasks with the kernel of the wasm backend',
  () => {
    it.each(cases)(
      'withMasks trains $className as maskedOptimizer does',
      ({ inputShape, build }) => {
        registerWasmGradients()
        expect(getBackend()).toBe('wasm')
        const model = build()
        const mask = randomMask(model, () => true)
        const masked = withMasks(model, mask)
        applyMask(model, mask)
        const x = randomTensor([2, ...inputShape])
        const momentum = () => train.momentum(1e-4, 0.9)
        const layered = train10(masked, momentum(), x)
        const held = train10(model, maskedOptimizer(model, momentum(), mask) as never, x)
        expect(nothingRevived(masked, mask)).toBe(true)
        expect(layered).toEqual(held)
        expect(layered.flatMap((values) => [...values]).every(Number.isFinite)).toBe(true)
      },
    )
  },
)
