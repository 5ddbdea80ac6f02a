import { fill, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { kindWeight } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'

type Layer = layers.Layer

/** Runs a forward pass of training. */
export type HoldNorms = <T>(forward: () => T) => T

/**
 * Mends two things that stock tfjs does to layers with statistics of batches in training, such as
 * batch normalisation. Frozen ones work as in inference, with the statistics that they have, as in
 * Keras; tfjs would normalise by the batch, and move the statistics. Those without a scale or a
 * shift get 1 and 0 for a while; tfjs would look for the weights, and fail.
 */
export function holdNorms(model: LayersModel): HoldNorms {
  // Models without statistics of batches, or anything frozen, are not walked.
  if (model.nonTrainableWeights.length === 0) return (forward) => forward()
  const held = new Map<Layer, (layer: Layer) => () => void>()
  for (const { frozen, className, role, owner, shape } of modelWeights(model)) {
    const kind = registeredKind(className)
    if (!kind || kindWeight(kind, role)?.use !== 'mean') continue
    const absent = Object.entries(kind.weights).filter(
      ([name, { option }]) => option && !(owner as unknown as Members)[name],
    )
    const members = absent.map(([name, { use }]) => {
      return [name, { read: () => fill(shape as number[], Number(use === 'scale')) }] as const
    })
    if (frozen || members.length > 0)
      held.set(owner, (layer) =>
        replaceCall(layer, { frozen, members: Object.fromEntries(members) }),
      )
  }
  return (forward) => {
    const undo = [...held].map(([layer, replace]) => replace(layer))
    try {
      return forward()
    } finally {
      for (const restore of undo) restore()
    }
  }
}

type Members = Record<string, { readonly read: () => Tensor } | undefined>

interface Replacement {
  readonly frozen: boolean
  /** Weights that the layer does not have. */
  readonly members: Members
}

/** Changes the call of one layer until the answer is called. */
function replaceCall(layer: Layer, { frozen, members }: Replacement): () => void {
  const own = Object.getOwnPropertyDescriptor(layer, 'call')
  const call = layer.call.bind(layer)
  layer.call = (inputs, kwargs) => call(inputs, frozen ? { ...kwargs, training: false } : kwargs)
  Object.assign(layer, members)
  return () => {
    for (const name of Object.keys(members)) Object.assign(layer, { [name]: undefined })
    if (own) Object.defineProperty(layer, 'call', own)
    else delete (layer as Partial<Layer>).call
  }
}
