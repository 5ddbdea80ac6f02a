import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../src/internal/model-weights.js'
import { randomStream } from '../../src/internal/random.js'
import { assignValues } from '../../src/internal/weight-values.js'
import type { Mask } from '../../src/masks/mask.js'

/** Seeded values in [-1, 1) without a zero. */
export function randomValues(size: number, seed = 1): Float32Array {
  const { uniform } = randomStream(seed)
  return Float32Array.from({ length: size }, () => 2 * uniform() - 1 || 1)
}

/** Gives each weight of a model seeded values without a zero. */
export function fillWeights<T extends LayersModel>(model: T, seed = 1): T {
  modelWeights(model).forEach(({ variable }, i) => {
    assignValues(variable, randomValues(variable.size, seed + i))
  })
  return model
}

/** Host copies of a model's weights by name. */
export function weightsByName(model: LayersModel): Record<string, Float32Array> {
  return Object.fromEntries(
    modelWeights(model).map(({ name, variable }) => [
      name,
      (variable.dataSync() as Float32Array).slice(),
    ]),
  )
}

/** The 32 bits of each float, so that -0 is not +0. */
export function bitsOf(values: Tensor | Float32Array): number[] {
  const floats = values instanceof Float32Array ? values : (values.dataSync() as Float32Array)
  return [...new Uint32Array(floats.slice().buffer)]
}

/** How many pruned places hold anything but +0. */
export function countRevived(model: LayersModel, mask: Mask): number {
  const weights = weightsByName(model)
  return mask.weights.reduce((sum, { name, values }) => {
    return sum + bitsOf(weights[name]!).filter((bits, i) => values[i] === 0 && bits !== 0).length
  }, 0)
}

/** How many kept places are not 0. */
export function countAlive(model: LayersModel, mask: Mask): number {
  const weights = weightsByName(model)
  return mask.weights.reduce((sum, { name, values }) => {
    return sum + weights[name]!.filter((value, i) => values[i] === 1 && value !== 0).length
  }, 0)
}
