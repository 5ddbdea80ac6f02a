import type { layers } from '@tensorflow/tfjs-layers'
import type { ModelWeight } from '../internal/model-weights.js'
import { kindWeight, makesOutputs } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'
import { grainMask } from './grain-mask.js'
import { unitGrains } from './unit-grains.js'

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

/** The units of which nothing is left in any kernel of their layer. */
export function deadUnits(all: readonly ModelWeight[], left: readonly Left[]): DeadUnits {
  const masks = new Map(left.map(({ weight, values }) => [weight.name, values]))
  const alive = new Map<layers.Layer, Uint8Array>()
  let areFrozen = false
  for (const weight of all.filter(isOwnKernel)) {
    const { owner, name, trainable } = weight
    const grains = unitGrains(weight)
    const values = masks.get(name)
    const own = values ? grainMask(values, grains) : new Uint8Array(grains.count).fill(1)
    areFrozen ||= !trainable && own.includes(0)
    alive.set(
      owner,
      own.map((is, unit) => is | (alive.get(owner)?.[unit] ?? 0)),
    )
  }
  const dead = [...alive].map(([owner, units]) => [owner, units.map((is) => 1 - is)] as const)
  return { of: new Map(dead.filter(([, units]) => units.includes(1))), areFrozen }
}

/**
 * Whether units of the weight are the outputs of its layer, one constant each once they are dead.
 */
function isOwnKernel(weight: ModelWeight): boolean {
  const kind = registeredKind(weight.className)
  return kindWeight(kind, weight.role)?.use === 'kernel' && makesOutputs(weight)
}
