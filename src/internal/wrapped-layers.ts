import type { layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/** How often a wrapper calls the layer in it: at each step of the time, or in each direction. */
export type WrapperCalls = 'steps' | 'directions'

/** The wrappers of tfjs: their weights are those of the layers in them. */
const WRAPPERS: ReadonlyMap<unknown, WrapperCalls> = new Map([
  ['TimeDistributed', 'steps'],
  ['Bidirectional', 'directions'],
])

/** How a class of wrappers calls the layer in it; undefined for every other class. */
export function wrapperCalls(className: unknown): WrapperCalls | undefined {
  return WRAPPERS.get(className)
}

/** The layers in a wrapper: one, or one for each direction, forwards and backwards, built alike. */
export interface WrappedLayers {
  readonly calls: WrapperCalls
  readonly inner: readonly [Layer, ...Layer[]]
}

/** The layers in a wrapper; undefined for a layer that is none. */
export function wrappedLayers(layer: Layer): WrappedLayers | undefined {
  const { layer: wrapped, forwardLayer, backwardLayer } = layer as WrapperLayer
  const calls = wrapperCalls(layer.getClassName())
  if (calls === 'steps' && wrapped) return { calls, inner: [wrapped] }
  if (calls === 'directions' && forwardLayer && backwardLayer)
    return { calls, inner: [forwardLayer, backwardLayer] }
  return undefined
}

type WrapperLayer = Layer & {
  readonly layer?: Layer
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
}
