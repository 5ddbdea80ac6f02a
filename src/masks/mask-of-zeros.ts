import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { checkOwn } from '../internal/lent-weights.js'
import { readValues } from '../internal/weight-values.js'
import { resolveModel } from '../select/resolve-model.js'
import type { SelectionOptions } from '../select/selection-options.js'
import { createMask, type Mask } from './mask.js'

/**
 * The mask that a sparse model has: its zeros are pruned. With it as `previous`, `prune` and
 * `computeMask` go on from a model that was pruned before.
 *
 * A weight that is 0 throughout, such as a fresh one, stays whole: nothing has chosen among it.
 *
 * @param model The model; it is not changed.
 * @param options Which weights may be pruned, as in `select` of the call that takes the mask.
 * @returns The mask. No tensor is left behind.
 * @throws {RangeError} If nothing is selected.
 * @throws {Error} If statistics of the model are gathered with other weights: await that call first.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { maskOfZeros, pruneWeights } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 8, inputShape: [8] })] })
 * await pruneWeights(model, { density: 0.25 })
 * const mask = await maskOfZeros(model)
 * if (mask.kept !== 16) throw new Error('a quarter of 64 weights')
 * ```
 */
export async function maskOfZeros(
  model: LayersModel,
  options: SelectionOptions = {},
): Promise<Mask> {
  const { prunable, parameters } = resolveModel(model, options)
  checkOwn(model, 'read the mask')
  const weights = []
  // Values of one moment, also where the model is trained in the meantime.
  const read = await readValues(prunable)
  for (const { name, layer, role, shape } of prunable) {
    const values = Uint8Array.from(read[name]!, (value) => Number(value !== 0))
    weights.push({ name, layer, role, shape, values: values.includes(1) ? values : values.fill(1) })
    await giveTurn()
  }
  return createMask(weights, parameters)
}
