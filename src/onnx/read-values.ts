import { clone, dispose } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../internal/model-weights.js'
import { heldWeights } from '../layers/held-weights.js'
import type { Mask } from '../masks/mask.js'
import type { NamedValues } from './read-graph.js'

/**
 * Copies the weights of a model to the host: +0 where a mask, or a masking layer, prunes them. All
 * are those of one moment, also where the model is trained in the meantime.
 */
export async function readValues(model: LayersModel, mask: Mask | undefined): Promise<NamedValues> {
  const given = new Map(mask?.weights.map(({ name, values }) => [name, values]))
  const held = new Map(heldWeights(model).map((weight) => [weight.name, weight.mask.read()]))
  const taken = modelWeights(model).map(({ name, variable }) => {
    const own = held.get(name)
    return { name, variable, weight: clone(variable), kept: own && clone(own) }
  })
  const read = new Map<unknown, { name: string; values: Float32Array }>()
  try {
    for (const { name, variable, weight, kept } of taken) {
      const values = new Float32Array(await weight.data())
      zeroPruned(values, given.get(name))
      zeroPruned(values, await kept?.data())
      dropSigns(values)
      read.set(variable, { name, values })
    }
  } finally {
    for (const { weight, kept } of taken) dispose([weight, ...(kept ? [kept] : [])])
  }
  return read
}

function zeroPruned(values: Float32Array, kept: ArrayLike<number> | undefined): void {
  if (kept) for (let i = 0; i < values.length; i++) if (kept[i] === 0) values[i] = 0
}

/** Turns each -0 into +0. */
function dropSigns(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i] === 0) values[i] = 0
}
