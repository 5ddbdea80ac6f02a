import { clone, dispose, io, type Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import type { StoredModel } from './stored-model.js'

/**
 * Runs `work` while the model holds the weights that a file gives back. Afterwards, whatever happens, it holds its own
 * again: the same data, not a copy.
 */
export async function withStored<T>(model: LayersModel, stored: StoredModel, work: () => Promise<T> | T): Promise<T> {
  const { weightData, weightSpecs } = await stored.load()
  const variables = new Map(modelWeights(model).map(({ name, variable }) => [name, variable]))
  const affected = stored.weights.map(({ name }) => variables.get(name)!)
  const decoded = io.decodeWeights(weightData!, weightSpecs!)
  const own = affected.map((variable) => clone(variable))
  try {
    assignAll(
      affected,
      weightSpecs!.map(({ name }) => decoded[name]!),
    )
    dispose(decoded)
    return await work()
  } finally {
    assignAll(affected, own)
    dispose([decoded, own])
  }
}

function assignAll(variables: readonly Variable[], values: readonly Parameters<Variable['assign']>[0][]): void {
  for (const [i, variable] of variables.entries()) variable.assign(values[i]!)
}
