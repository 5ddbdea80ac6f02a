import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers'
import { readingError } from '../layers/reading-error.js'

type Layer = layers.Layer

/** The layers and the weights of a model by their paths; a shared one has several. */
export interface LayerPlaces {
  readonly layers: ReadonlyMap<string, Layer>
  /** By the path of the layer and the role. */
  readonly variables: ReadonlyMap<string, LayerVariable>
}

/**
 * Finds all layers of a model, those of nested models and of wrappers too.
 *
 * @throws {RangeError} If two layers have one path: `b` within `a` and a layer named `a/b`.
 */
export function layerPlaces(model: LayersModel): LayerPlaces {
  const places = { layers: new Map<string, Layer>(), variables: new Map<string, LayerVariable>() }
  visit(model.layers, '', places)
  return places
}

function visit(
  layersOfModel: readonly Layer[],
  prefix: string,
  places: { layers: Map<string, Layer>; variables: Map<string, LayerVariable> },
): void {
  for (const layer of layersOfModel) {
    const path = prefix + layer.name
    if (places.layers.has(path)) throw readingError('layers of different paths', `two of ${path}`)
    places.layers.set(path, layer)
    const inner = innerLayers(layer)
    visit(inner, `${path}/`, places)
    if (inner.length > 0) continue
    for (const variable of layer.weights)
      places.variables.set(`${path}/${variable.originalName.split('/').at(-1)}`, variable)
  }
}

/** Whether a layer, or one that it wraps, is such a one; layers of nested models are not asked. */
export function wrapsOne(layer: Layer | undefined, isOne: (layer: Layer) => boolean): boolean {
  if (!layer) return false
  const wrapped = Array.isArray((layer as Holder).layers) ? [] : innerLayers(layer)
  return isOne(layer) || wrapped.some((one) => wrapsOne(one, isOne))
}

/** Whether a layer, or any within it, is such a one. */
export function holdsOne(layer: Layer, isOne: (layer: Layer) => boolean): boolean {
  return isOne(layer) || innerLayers(layer).some((one) => holdsOne(one, isOne))
}

/** Whether a layer has a rule of its own for masks, not that of all layers. */
export function hasMaskRule(layer: Layer): boolean {
  let rule: unknown = layer.computeMask
  for (let at = Object.getPrototypeOf(layer); at; at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, 'computeMask')) rule = at.computeMask
  return layer.computeMask !== rule
}

type Holder = Layer & {
  layers?: Layer[]
  layer?: Layer
  forwardLayer?: Layer
  backwardLayer?: Layer
}

/** Layers within a nested model or a wrapper. */
function innerLayers(layer: Layer): readonly Layer[] {
  const { layers: nested, layer: wrapped, forwardLayer, backwardLayer } = layer as Holder
  if (Array.isArray(nested)) return nested
  if (forwardLayer && backwardLayer) return [forwardLayer, backwardLayer]
  return wrapped ? [wrapped] : []
}
