import { add, mul, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { kindWeight } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'

/** A scale or a shift of a normalisation layer that is trained. */
export interface TrainedNorm {
  readonly layer: layers.Layer
  /** Name of the member that holds it, e.g. `gamma`. */
  readonly member: string
  /** The value that normalisation starts with: 1 for a scale, 0 for a shift. */
  readonly start: number
}

/** The trained scales and shifts of the layers that have no kernel. */
export function trainedNorms(model: LayersModel): TrainedNorm[] {
  return modelWeights(model)
    .filter(({ trainable }) => trainable)
    .flatMap(({ className, role, owner }) => {
      const kind = registeredKind(className)
      const uses = Object.values(kind?.weights ?? {}).map(({ use }) => use)
      const use = kind && kindWeight(kind, role)?.use
      if (uses.includes('kernel') || (use !== 'scale' && use !== 'shift')) return []
      return [{ layer: owner, member: role, start: Number(use === 'scale') }]
    })
}

interface Weight {
  readonly read: () => Tensor
}

/** Runs a forward pass in which each norm is so far on the way back to its start: alpha in [0, 1]. */
export function interpolated<T>(norms: readonly TrainedNorm[], alpha: number, forward: () => T): T {
  const before = norms.map(({ layer, member, start }) => {
    const members = layer as unknown as Record<string, Weight>
    const own = members[member]!
    members[member] = { read: () => add(mul(own.read(), 1 - alpha), alpha * start) }
    return () => {
      members[member] = own
    }
  })
  try {
    return forward()
  } finally {
    for (const restore of before) restore()
  }
}
