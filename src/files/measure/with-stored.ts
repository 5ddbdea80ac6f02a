import { clone, dispose, io, type Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../internal/model-weights.js'
import type { StoredModel } from './stored-model.js'

/**
 * Runs `work` while the model holds the weights that a file gives back. Its own weights come back
 * afterwards.
 */
export async function withStored<T>(
  model: LayersModel,
  stored: StoredModel,
  work: () => Promise<T> | T,
): Promise<T> {
  const { weightData, weightSpecs } = await stored.load()
  const variables = new Map(modelWeights(model).map(({ name, variable }) => [name, variable]))
  const decoded = io.decodeWeights(weightData!, weightSpecs!)
  try {
    return await keepingWeights(model, () => {
      for (const [i, { name }] of stored.weights.entries()) {
        variables.get(name)!.assign(decoded[weightSpecs![i]!.name]!)
      }
      dispose(decoded)
      return work()
    })
  } finally {
    dispose(decoded)
  }
}

/**
 * Runs `work`. Afterwards, whatever it does and whether it throws, the model holds the weights that
 * it held before: the same data, not a copy.
 */
export async function keepingWeights<T>(
  model: LayersModel,
  work: () => Promise<T> | T,
): Promise<T> {
  const variables: readonly Variable[] = modelWeights(model).map(({ variable }) => variable)
  const own = variables.map((variable) => clone(variable))
  try {
    return await work()
  } finally {
    for (const [i, variable] of variables.entries()) variable.assign(own[i]!)
    dispose(own)
  }
}
