import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkModel } from '../../internal/check-model.js'
import { modelWeights } from '../../internal/model-weights.js'
import type { Mask } from '../../masks/mask.js'
import { checkArrays } from '../../rounds/check-arrays.js'
import type { PackedWeights } from '../../rounds/packed-weights.js'
import { readingError } from '../layers/reading-error.js'
import type { NetworkSource, SparseWeight } from '../network/source.js'
import { calledLayer, type TensorTools } from './call-layer.js'
import { keptPositions } from './kept-positions.js'
import { layerPlaces } from './layer-places.js'
import { liveSource } from './live-source.js'

const task = 'read the network'

/** The parts of a finished round that a network is read from. */
interface TrainedRound {
  readonly mask: Mask
  readonly trained: PackedWeights
}

/**
 * A finished round as the source of a network: its own weights, and the layers of the model that
 * was pruned, which is not changed.
 */
export async function roundSource(
  model: LayersModel,
  round: TrainedRound,
  tools?: TensorTools,
): Promise<NetworkSource> {
  checkModel(model, task)
  checkArrays(round, { task, parts: ['mask', 'trained'] })
  const { mask, trained } = round
  const places = layerPlaces(model)
  const { layers, variables } = places
  const names = new Map<unknown, string>()
  for (const { name, variable } of modelWeights(model)) names.set(variable, name)
  const masks = new Map(mask.weights.map((weight) => [weight.name, weight]))
  const weightOf = (path: string): SparseWeight | undefined => {
    const variable = variables.get(path)
    const name = variable && names.get(variable.read())
    const values = name === undefined ? undefined : trained[name]
    if (!variable || !values) return undefined
    const kept = masks.get(name!)
    const [wantedShape, gotShape] = [variable, kept ?? variable].map(({ shape }) => `[${shape}]`)
    if (wantedShape !== gotShape)
      throw readingError(`a mask of shape ${wantedShape} for ${name} in the round`, gotShape)
    const positions = kept && keptPositions(kept.values)
    const wanted = positions?.length ?? variable.read().size
    if (values.length !== wanted)
      throw readingError(`${wanted} values for ${name} in the round`, values.length)
    return {
      shape: variable.shape as number[],
      ...(positions && { positions }),
      values: Float32Array.from(values),
    }
  }
  return {
    ...(await liveSource(model, places)),
    weight: ({ path }) => weightOf(path),
    ...(tools && {
      layerCall: (path, inputs) => {
        const layer = layers.get(path)!
        // The layer itself has the weights of the model, not those of the round.
        if (layer.weights.length > 0) {
          const got = `${path} (${layer.getClassName()}): first applyTrained, then the model itself`
          throw readingError('a round whose layers with weights can all be compiled', got)
        }
        return calledLayer(layer, { path, inputs, tools })
      },
    }),
  }
}
