import type { layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { kindWeight, makesOutputs } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { unitAxes } from '../layer-kinds/weight-axes.js'
import { grainMask } from './grain-mask.js'
import { groupAlong } from './group-along.js'

/** The units that have no kernel any more. */
export interface DeadUnits {
  /** The units of each layer, 1 a dead one; nothing for a layer without any. */
  readonly of: ReadonlyMap<layers.Layer, Uint8Array>
  /** Some of them were frozen: what is frozen may be pruned. */
  readonly areFrozen: boolean
}

/** A weight, and what is left of it: 1 = kept. */
interface Left {
  readonly weight: ModelWeight
  readonly values: Uint8Array
}

/** The units of which nothing of the kernel is left. */
export function deadUnits(weights: readonly Left[]): DeadUnits {
  const dead = new Map<layers.Layer, Uint8Array>()
  let areFrozen = false
  for (const { weight, values } of weights) {
    if (!hasOwnUnits(weight)) continue
    const alive = grainMask(values, groupAlong(weight.shape, unitAxes(weight)))
    const gone = alive.map((own) => 1 - own)
    if (!gone.includes(1)) continue
    dead.set(weight.owner, gone)
    areFrozen ||= !weight.trainable
  }
  return { of: dead, areFrozen }
}

/**
 * Whether units of the weight are the outputs of its layer, one constant each once they are dead.
 */
function hasOwnUnits(weight: ModelWeight): boolean {
  const kind = registeredKind(weight.className)
  if (!kind || kind.recurrent || kindWeight(kind, weight.role)?.use !== 'kernel') return false
  return makesOutputs(weight)
}
