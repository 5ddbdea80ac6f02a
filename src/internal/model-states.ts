import { dispose, keep, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'

/** A recurrent layer that goes on from its last batch. */
interface StatefulLayer {
  readonly states: Tensor[]
  readonly resetStates: (states?: Tensor[]) => void
}

/** Layers inside a model or `Bidirectional`. */
interface Inner {
  readonly layers?: layers.Layer[]
  readonly forwardLayer?: layers.Layer
  readonly backwardLayer?: layers.Layer
}

/** Sets all states of a model to 0. */
export function resetStates(model: LayersModel): void {
  if (model.stateful) model.resetStates()
}

/** Recurrent layers whose states a call carries from batch to batch. */
const carried = new WeakSet<StatefulLayer>()

/**
 * Sets the states of a model to 0 for a call that carries them from batch to batch, until the answer
 * is called, which sets them to 0 again. Throws where another call carries them.
 */
export function openStates(model: LayersModel, task: string): () => void {
  const found = statefulLayers(model)
  if (found.some((layer) => carried.has(layer))) {
    const wanted = `the stateful model ${model.name} to be free`
    const got = 'one that another call is at work on: await that one first'
    throw new Error(`Cannot ${task}: expected ${wanted}, got ${got}`)
  }
  for (const layer of found) carried.add(layer)
  resetStates(model)
  return () => {
    for (const layer of found) carried.delete(layer)
    resetStates(model)
  }
}

/** Computes with a model that has its old states again afterwards. */
export function keepingStates<T>(model: LayersModel, compute: () => T): T {
  const found = statefulLayers(model)
  const before = found.map(({ states }) => states.map((state) => keep(state.clone())))
  try {
    return compute()
  } finally {
    found.forEach((layer, i) => void layer.resetStates(before[i]!))
    dispose(before)
  }
}

function statefulLayers(layer: layers.Layer): StatefulLayer[] {
  if (!layer.stateful) return []
  const { layers: nested, forwardLayer, backwardLayer } = layer as Inner
  const inside = nested ?? [forwardLayer, backwardLayer].filter((one) => one !== undefined)
  return inside.length > 0
    ? [...new Set(inside.flatMap(statefulLayers))]
    : [layer as unknown as StatefulLayer]
}
