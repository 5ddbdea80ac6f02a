import type { LayersModel, layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/**
 * Paths of a model's layers, those of nested models included. Not by the graph: in the graph of a
 * sequential model that starts with a model, the layers of this one stand among its own.
 */
export function layerPaths(model: LayersModel): Map<Layer, string> {
  const paths = new Map<Layer, string>()
  const visit = (all: readonly Layer[], prefix: string) => {
    for (const layer of all) {
      const path = prefix + layer.name
      if (!paths.has(layer)) paths.set(layer, path)
      visit((layer as { layers?: Layer[] }).layers ?? [], `${path}/`)
    }
  }
  visit(model.layers, '')
  return paths
}
