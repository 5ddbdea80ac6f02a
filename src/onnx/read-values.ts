import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { heldWeights } from '../layers/held-weights.js'
import type { Mask } from '../masks/mask.js'
import type { NamedValues } from './read-graph.js'

/** Copies the weights of a model to the host: +0 where a mask, or a masking layer, prunes them. */
export async function readValues(model: LayersModel, mask: Mask | undefined): Promise<NamedValues> {
  const given = new Map(mask?.weights.map(({ name, values }) => [name, values]))
  const held = new Map(heldWeights(model).map((weight) => [weight.name, weight.mask.read()]))
  const read = new Map<unknown, { name: string; values: Float32Array }>()
  for (const { name, variable } of modelWeights(model)) {
    const values = Float32Array.from(await variable.data())
    for (const kept of [given.get(name), await held.get(name)?.data()]) zeroPruned(values, kept)
    read.set(variable, { name, values })
  }
  return read
}

/** Also turns each -0 into +0. */
function zeroPruned(values: Float32Array, kept: ArrayLike<number> | undefined): void {
  for (let i = 0; i < values.length; i++) if (kept?.[i] === 0 || values[i] === 0) values[i] = 0
}
