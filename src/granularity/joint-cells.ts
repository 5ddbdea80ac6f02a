import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { layoutOf } from '../layer-kinds/layout.js'
import { registeredKind } from '../layer-kinds/registered-kinds.js'

type Layer = layers.Layer

interface Inner {
  readonly layers?: readonly Layer[]
  readonly forwardLayer?: Layer
  readonly backwardLayer?: Layer
}

/**
 * Names of the weights that the cells of a recurrent layer have a part in, layer by layer: a cell
 * is its columns of all of them. Both directions of `Bidirectional` are built from one config, and
 * have their cells in common.
 */
export function jointCells(model: LayersModel): string[][] {
  const firsts = firstDirections(model.layers)
  const joint = new Map<Layer, string[]>()
  for (const weight of modelWeights(model)) {
    const { name, owner, className } = weight
    const isPart = layoutOf(weight).axes.some((axis) => axis.includes('out'))
    if (!isPart || !registeredKind(className)?.recurrent) continue
    const first = firsts.get(owner) ?? owner
    joint.set(first, [...(joint.get(first) ?? []), name])
  }
  return [...joint.values()]
}

/** The forward direction of each backward one, nested models opened. */
function firstDirections(all: readonly Layer[]): Map<Layer, Layer> {
  return new Map(
    all.flatMap((layer): [Layer, Layer][] => {
      const { layers: nested = [], forwardLayer, backwardLayer } = layer as Inner
      const own: [Layer, Layer][] =
        forwardLayer && backwardLayer ? [[backwardLayer, forwardLayer]] : []
      return [...own, ...firstDirections(nested)]
    }),
  )
}
