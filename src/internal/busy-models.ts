import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from './check-model.js'

const busy = new WeakSet<LayersModel>()

/**
 * Runs `work` as the only one that changes the weights of the model. Throws where another run is at
 * work on it.
 */
export async function whileBusy<T>(
  model: LayersModel,
  work: () => Promise<T>,
  task = 'prune',
): Promise<T> {
  checkModel(model, task)
  if (busy.has(model)) {
    throw new Error(
      `Cannot ${task}: expected the model ${model.name} to be free, got one that another run is at work on`,
    )
  }
  busy.add(model)
  try {
    return await work()
  } finally {
    busy.delete(model)
  }
}
