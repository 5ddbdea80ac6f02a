import { memory, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { type Criterion, computeMask, snip, synFlow, taylor, unitTaylor } from 'tfjs-prune'
import { expect, test } from 'vitest'
import { randomValues, weightsByName } from '../support/weights.js'

interface NormOptions {
  readonly scale: boolean
  readonly center: boolean
  readonly trainable: boolean
}

/** Dense, a norm, dense; the scale is 1 and the shift 0, whether they are weights or not. */
function normed({ trainable, ...norm }: NormOptions): LayersModel {
  const model = sequential({
    layers: [
      layers.dense({ name: 'in', units: 6, activation: 'tanh', inputShape: [3] }),
      layers.batchNormalization({ name: 'norm', trainable, ...norm }),
      layers.dense({ name: 'out', units: 2 }),
    ],
  })
  for (const name of ['in', 'out']) {
    const layer = model.getLayer(name)
    const [kernel, bias] = layer.getWeights()
    const values = randomValues(kernel!.size, name.length)
    layer.setWeights([tensor2d(values, kernel!.shape as [number, number]), bias!])
  }
  return model
}

const rows = Array.from({ length: 8 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i % 3])
const samples = { xs: rows, ys: rows.map((_, i) => i % 2) }
const norms = [true, false].flatMap((trainable) => [
  { scale: false, center: true, trainable },
  { scale: true, center: false, trainable },
  { scale: false, center: false, trainable },
])
const criteria: Record<string, () => Criterion> = {
  taylor,
  snip,
  synFlow: () => synFlow({ steps: 5 }),
  unitTaylor,
}

for (const [name, make] of Object.entries(criteria)) {
  test.each(norms)(
    `${name} scores as with a scale of 1 and a shift of 0 in a norm of $scale, $center, $trainable`,
    async (norm) => {
      const masked = async (model: LayersModel) => {
        const mask = await computeMask(model, { density: 0.4, criterion: make(), samples })
        return mask.weights.map((weight) => [weight.name, [...weight.values]])
      }
      const wanted = await masked(normed({ ...norm, scale: true, center: true }))
      const model = normed(norm)
      const before = weightsByName(model)
      const tensors = memory().numTensors
      expect(await masked(model)).toEqual(wanted)
      expect(memory().numTensors).toBe(tensors)
      expect(weightsByName(model)).toEqual(before)
      expect(Object.keys(model.getLayer('norm'))).not.toContain('call')
    },
  )
}
