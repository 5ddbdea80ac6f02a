import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { checkModel } from './check-model.js'
import { visitLayers } from './model-weights.js'

/** Weights that a run is at work on, with its model: another may have the same layers. */
const busy = new WeakMap<LayerVariable, LayersModel>()

/**
 * Runs `work` as the only one that changes the weights of the model. Throws where another run is at
 * work on it, or on a model that has one of its weights.
 */
export async function whileBusy<T>(
  model: LayersModel,
  work: () => Promise<T>,
  task = 'prune',
): Promise<T> {
  checkFree(model, task)
  const { weights } = model
  for (const weight of weights) busy.set(weight, model)
  try {
    return await work()
  } finally {
    for (const weight of weights) busy.delete(weight)
  }
}

/**
 * Throws where a run is at work on the model, or on one that has layers of it, which are named.
 * Frozen layers count too: a run gives all weights of its model the values of its rounds, which may
 * come from a store, and a training loop may move the statistics of a frozen normalisation.
 */
export function checkFree(model: LayersModel, task = 'prune'): void {
  checkModel(model, task)
  const found = model.weights.find((weight) => busy.has(weight))
  if (!found) return
  const wanted = `Cannot ${task}: expected the model ${model.name} to be free`
  const other = busy.get(found)!
  if (other === model) throw new Error(`${wanted}, got one that another run is at work on`)
  const remedy = 'wait for its end, or build the model with layers of its own'
  throw new Error(
    `${wanted}, got one that has ${sharedLayers(model)} in common with ${other.name}, which another run is at work on: ${remedy}`,
  )
}

/** The layers of a model whose weights are busy, in words. */
function sharedLayers(model: LayersModel): string {
  const seen = new Set<LayerVariable>()
  const shared: { readonly path: string; readonly frozen: boolean }[] = []
  visitLayers(model.layers, { prefix: '', frozen: !model.trainable }, (layer, path, frozen) => {
    const own = layer.weights.filter((weight) => !seen.has(weight))
    for (const weight of own) seen.add(weight)
    if (own.some((weight) => busy.has(weight))) shared.push({ path, frozen })
  })
  const [first, ...others] = shared
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  const isFrozen = shared.every(({ frozen }) => frozen) ? ' (frozen, which a run writes too)' : ''
  return `the layer ${first?.path}${more}${isFrozen}`
}
