import { channelsOf } from '../internal/model-graph.js'
import { type OwnChannels, ownChannels } from './own-channels.js'
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
    .flatMap(({ path, className, outputs }) => {
      const own = ownChannels(className)
      if (!own) return []
      const [output] = outputs
      return [
        { layer: path, what: own.what, before: channelsOf(output!), after: keptOf(output!).length },
      ]
    })
}
