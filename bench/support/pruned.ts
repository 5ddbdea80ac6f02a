import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask } from 'tfjs-prune'

/** A pruned network whose biases keep it alive: without them all outputs of a sparse one are 0. */
export async function pruned(build: () => LayersModel, density: number): Promise<LayersModel> {
  const model = build()
  const weights = model.getWeights()
  const values = weights.map((weight, i) =>
    weight.rank === 1 ? tf.randomUniform(weight.shape, 0, 0.2, 'float32', i + 1) : weight,
  )
  model.setWeights(values)
  tf.dispose(values.filter((value, i) => value !== weights[i]))
  applyMask(model, await computeMask(model, { density }))
  return model
}
