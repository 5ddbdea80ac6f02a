import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOwn } from './lent-weights.js'

/**
 * Begins to look at the weights of a model, which are its own. The answer throws where one was given
 * other values since: numbers that were gathered in between would be of no network that there ever
 * was.
 */
export function watchWeights(model: LayersModel, task: string): () => void {
  checkOwn(model, task)
  const { weights } = model
  // A variable has other data after each assignment.
  const before = weights.map((weight) => weight.read().dataId)
  return () => {
    const changed = weights.find((weight, i) => weight.read().dataId !== before[i])
    if (!changed) return
    throw new Error(
      `Cannot ${task}: expected weights that stay as they are meanwhile, got other values in ` +
        `${changed.originalName}: await the run or the training that is at work on ${model.name}`,
    )
  }
}
