import { randomUniform } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** Gives all weights of a model seeded values within (-1, 1); variances lie within (.5, 1). */
export function withSeededWeights<T extends LayersModel>(model: T, seed = 1): T {
  for (const [i, variable] of model.weights.entries()) {
    const least = variable.originalName.includes('variance') ? 0.5 : -1
    const values = randomUniform(variable.shape as number[], least, 1, 'float32', seed + i)
    variable.write(values)
    values.dispose()
  }
  return model
}
