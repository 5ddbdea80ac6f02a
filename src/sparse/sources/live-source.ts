import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { inheritsItsName } from '../../internal/class-name.js'
import { hasOwnCall } from '../../internal/own-call.js'
import type { NetworkSource } from '../network/source.js'
import { hasMaskRule, type LayerPlaces, wrapsOne } from './layer-places.js'
import { liveTopology } from './live-topology.js'
import { ownActivations } from './own-activations.js'

/** All that is known of the layers of a model in memory, beside their weights. */
export async function liveSource(
  model: LayersModel,
  { layers }: LayerPlaces,
): Promise<Omit<NetworkSource, 'weight' | 'layerCall'>> {
  const own = await ownActivations(layers.values())
  return {
    topology: liveTopology(model),
    inheritsName: (path) => wrapsOne(layers.get(path), isOwn),
    ownActivation: (path) => wrapsOne(layers.get(path), (layer) => own.has(layer)),
    makesMask: (path) => hasMaskRule(layers.get(path)!),
  }
}

/** Whether the name of a layer does not tell its class, or the graph of a model not what it does. */
function isOwn(layer: layers.Layer): boolean {
  return inheritsItsName(layer) || (Array.isArray((layer as Nested).layers) && hasOwnCall(layer))
}

type Nested = layers.Layer & { readonly layers?: unknown }
