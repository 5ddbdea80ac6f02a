import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../../internal/check-model.js'
import { checkOwn } from '../../internal/lent-weights.js'
import type { NetworkSource, SparseWeight } from '../network/source.js'
import { calledLayer, type TensorTools } from './call-layer.js'
import { keptPositions } from './kept-positions.js'
import { layerPlaces } from './layer-places.js'
import { liveSource } from './live-source.js'

type Elements = Float32Array | Int32Array | Uint8Array

/**
 * A model as the source of a network, with the weights that it has now. What masking layers hold at
 * 0 is left out. With `tools`, layers that cannot be compiled run in tfjs.
 */
export async function modelSource(model: LayersModel, tools?: TensorTools): Promise<NetworkSource> {
  checkModel(model, 'read the network')
  checkOwn(model, 'read the network')
  const places = layerPlaces(model)
  const { layers, variables } = places
  const values = new Map<string, Elements>()
  // Each reading begins here: the values are of one moment, also where the model is trained.
  const read = [...variables].map(async ([path, variable]) => {
    values.set(path, (await variable.read().data()).slice() as Elements)
  })
  await Promise.all(read)
  return {
    ...(await liveSource(model, places)),
    metadata: model.getUserDefinedMetadata(),
    weight: ({ path }) => {
      const [found, mask] = [values.get(path), values.get(`${path}_mask`)]
      const shape = variables.get(path)?.shape as number[]
      return found && (mask ? masked(found, mask, shape) : { shape, values: asFloats(found) })
    },
    ...(tools && {
      layerCall: (path, inputs) => calledLayer(layers.get(path)!, { path, inputs, tools }),
    }),
  }
}

/** The elements that a mask keeps. */
function masked(values: Elements, mask: Elements, shape: readonly number[]): SparseWeight {
  const positions = keptPositions(mask)
  return { shape, positions, values: Float32Array.from(positions, (place) => values[place]!) }
}

function asFloats(values: Elements): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
