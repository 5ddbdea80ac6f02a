import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ResolvedModel, resolveModel } from '../select/resolve-model.js'
import type { SelectionOptions } from '../select/selection-options.js'
import { countMask, type Mask } from './mask.js'

/**
 * The mask that keeps everything: the start of every pruning run.
 *
 * @param model The model; it is not changed.
 * @param options Which weights may be pruned later on.
 * @returns A mask with density 1 over the selected weights.
 * @throws {RangeError} If nothing is selected.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { denseMask } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] })
 * const mask = denseMask(model)
 * if (mask.size !== 6 || mask.parameters !== 8) throw new Error('the kernel is prunable, the bias is not')
 * ```
 */
export function denseMask(model: LayersModel, options: SelectionOptions = {}): Mask {
  return denseMaskOf(resolveModel(model, options))
}

/** The dense mask of a model that is resolved already. */
export function denseMaskOf({ prunable, parameters }: ResolvedModel): Mask {
  const ones = prunable.map(({ name, layer, role, shape, size }) => {
    return { name, layer, role, shape, values: new Uint8Array(size).fill(1) }
  })
  return countMask(ones, parameters)
}
