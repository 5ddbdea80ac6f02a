import { channelsOf } from './graph.js'
import type { Plan } from './plan.js'

/** What a layer had and has. */
export interface ShrunkLayer {
  /** Layer path. */
  readonly layer: string
  readonly what: 'units' | 'filters' | 'channels' | 'dimensions'
  readonly before: number
  readonly after: number
}

const WHAT: Readonly<Record<string, ShrunkLayer['what']>> = {
  Dense: 'units',
  Conv1D: 'filters',
  Conv2D: 'filters',
  Conv3D: 'filters',
  Conv2DTranspose: 'filters',
  Conv3DTranspose: 'filters',
  SeparableConv2D: 'filters',
  DepthwiseConv2D: 'channels',
  Embedding: 'dimensions',
}

/** Outputs of the layers that are understood and have channels of their own, in the order of computation. */
export function shrunkLayers({ graph, understood, keptOf }: Plan): ShrunkLayer[] {
  return graph.calls
    .filter((call) => understood.get(call.path) === call)
    .flatMap(({ path, className, outputs }) => {
      const what = WHAT[className]
      return what ? [{ layer: path, what, before: channelsOf(outputs[0]!), after: keptOf(outputs[0]!).length }] : []
    })
}
