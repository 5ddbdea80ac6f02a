import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { checkModel } from './check-model.js'

/** Weights that a run is at work on: a model may share layers with others. */
const busy = new WeakSet<LayerVariable>()

/**
 * Runs `work` as the only one that changes the weights of the model. Throws where another run is at
 * work on it, or on a model that has one of its weights.
 */
export async function whileBusy<T>(
  model: LayersModel,
  work: () => Promise<T>,
  task = 'prune',
): Promise<T> {
  checkModel(model, task)
  const { weights } = model
  if (weights.some((weight) => busy.has(weight))) {
    throw new Error(
      `Cannot ${task}: expected the model ${model.name} to be free, got one that another run is at work on`,
    )
  }
  for (const weight of weights) busy.add(weight)
  try {
    return await work()
  } finally {
    for (const weight of weights) busy.delete(weight)
  }
}
