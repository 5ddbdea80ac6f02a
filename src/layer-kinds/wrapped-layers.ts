import type { layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/** How `Bidirectional` merges its two directions; null puts out both. */
export type MergeMode = 'concat' | 'sum' | 'ave' | 'mul' | null

/** The layer for which a wrapper stands: both directions of `Bidirectional` are built alike. */
interface Wrapper {
  readonly layer?: Layer
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
  readonly mergeMode?: MergeMode
}

/** The layers that do the work of a layer: those within a wrapper, or the layer itself. */
export function workersOf(layer: Layer): readonly [Layer, ...Layer[]] {
  const { layer: wrapped, forwardLayer, backwardLayer } = layer as Wrapper
  const className = layer.getClassName()
  if (className === 'TimeDistributed' && wrapped) return [wrapped]
  if (className === 'Bidirectional' && forwardLayer && backwardLayer)
    return [forwardLayer, backwardLayer]
  return [layer]
}

/** How a layer merges the outputs of two directions; undefined where it has one. */
export function mergeModeOf(layer: Layer): MergeMode | undefined {
  return layer.getClassName() === 'Bidirectional' ? (layer as Wrapper).mergeMode : undefined
}
