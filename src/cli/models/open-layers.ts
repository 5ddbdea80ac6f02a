import { io } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { type OpenedModel, openModel } from './open-model.js'

/**
 * Loads a model of layers from its place, for work that graph models cannot be used for; the caller
 * disposes it.
 *
 * @param place A path or a URL.
 * @param task The work, in the words of errors: `shrink the model`.
 */
export async function openLayers(place: string, task: string): Promise<LayersModel> {
  return layersOf(await openModel(place), task)
}

/** The model of layers that was read; the caller disposes it. Throws if it has no layers. */
export async function layersOf(opened: OpenedModel, task: string): Promise<LayersModel> {
  if (opened.kind !== 'layers model') throw noLayers(opened, task)
  return loadLayersModel(io.fromMemory(opened.artifacts))
}

function noLayers({ kind, place }: OpenedModel, task: string): TypeError {
  const got =
    kind === 'weights' ? 'weights without a topology' : 'a GraphModel, which has no layers'
  const remedy =
    'take the Keras model that it was converted from, by ' +
    'tensorflowjs_converter --output_format=tfjs_layers_model; ' +
    '`tfjs-prune prune` and `tfjs-prune compress` take it as it is'
  return new TypeError(`Cannot ${task}: expected a LayersModel in ${place}, got ${got}: ${remedy}`)
}
