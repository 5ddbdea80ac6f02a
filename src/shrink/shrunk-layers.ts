import { type OwnChannels, ownChannels, ownUnits } from './own-channels.js'
import type { Plan } from './plan.js'

/** The channels that a layer had and has. */
export interface ShrunkLayer {
  /** Layer path. */
  readonly layer: string
  readonly what: OwnChannels['what']
  readonly before: number
  readonly after: number
}

/**
 * Outputs of the layers that are understood and have channels of their own, in the order of
 * computation.
 */
export function shrunkLayers({ graph, understood, keptOf }: Plan): ShrunkLayer[] {
  return graph.calls
    .filter((call) => understood.get(call.path) === call)
    .flatMap((call) => {
      const own = ownChannels(call.className)
      if (!own) return []
      const { size, stay } = ownUnits(call, keptOf)
      return call.paths.map((layer) => {
        return { layer, what: own.what, before: size, after: stay.length }
      })
    })
}
