import { layerKind } from '../layer-kinds/find-layer-kind.js'
import { unitsOf } from '../layer-kinds/layer-call.js'
import type { LayerKind } from '../layer-kinds/layer-kind.js'
import type { Call } from './graph.js'
import type { Plan } from './plan.js'

/** Channels that a layer makes itself. */
export interface OwnChannels {
  /** The word for them. */
  readonly what: NonNullable<LayerKind['called']>
  /** Option of the layer's config that counts them; none where they follow from the inputs. */
  readonly option?: string | undefined
}

/** The channels of a layer class's own; undefined where it makes none. */
export function ownChannels(className: string): OwnChannels | undefined {
  const kind = layerKind(className)
  if (!kind) return undefined
  const { outputs = ['out'], called = 'channels', sizes } = kind
  if (outputs.join() === 'in') return undefined
  return outputs.includes('out') ? { what: called, option: sizes?.out } : { what: called }
}

/** Places of a dimension, and those that stay. */
export interface Places {
  readonly size: number
  readonly stay: readonly number[]
}

/** The units of each worker of a call. */
export function ownUnits(call: Call, keptOf: Plan['keptOf']): Places {
  const size = unitsOf(call)
  return { size, stay: keptOf(call.outputs[0]!).filter((channel) => channel < size) }
}
