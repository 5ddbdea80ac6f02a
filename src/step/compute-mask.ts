import type { LayersModel } from '@tensorflow/tfjs-layers'
import { whileBusy } from '../internal/busy-models.js'
import { checkOwn } from '../internal/lent-weights.js'
import { watchWeights } from '../internal/watch-weights.js'
import type { Mask } from '../masks/mask.js'
import { resolveModel } from '../select/resolve-model.js'
import { pruningStep } from './pruning-step.js'
import { type ComputeMaskOptions, checkedStepOptions, task } from './step-options.js'

/**
 * Scores the prunable weights, shares the density out and keeps exactly the highest: one pruning
 * step.
 *
 * The model is as before when the promise settles; follow with `applyMask`. Each weight keeps
 * exactly as many elements as the allocator says (at least one), ties go by flat index, and the
 * result is a subset of `previous`. The statistics that the criterion needs are gathered from
 * `samples`, in inference, with the weights that `previous` keeps.
 *
 * @param model A built model.
 * @param options Density, criterion, allocator, selection and the mask so far.
 * @returns The mask. No tensor is left behind.
 * @throws {RangeError} If the density is outside (0, 1], nothing is prunable, a weight or score is
 *   NaN or infinite, `previous` holds other weights than the selection, `initial` lacks one, the
 *   allocator leaves the bounds of a weight, or the criterion needs samples and there are none, or
 *   none of a class.
 * @throws {TypeError} If the criterion does not return a tensor of the weight's shape, or values of
 *   another shape are given.
 * @throws {Error} If another call gathers statistics of the same model with other weights, if the
 *   criterion needs statistics while one gathers some or trains the model, or if weights change
 *   while they are scored: await that one first.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.dense({ units: 16, inputShape: [16] })] })
 * const half = await computeMask(model, { density: 0.5 })
 * const quarter = await computeMask(model, { density: 0.25, previous: half })
 * const revived = quarter.weights[0]!.values.filter((kept, i) => kept > half.weights[0]!.values[i]!)
 * if (quarter.kept !== 64 || revived.length > 0) throw new Error('masks only shrink')
 * ```
 */
export async function computeMask(model: LayersModel, options: ComputeMaskOptions): Promise<Mask> {
  const own = checkedStepOptions(options)
  // Statistics may be gathered with other weights, which the model then has for a while; a run may
  // otherwise ask for masks between its steps.
  const gathers = (options.criterion?.needs ?? []).length > 0
  const work = async () => {
    const resolved = resolveModel(model, options.select, options.spareEnds)
    if (!gathers) checkOwn(model, task)
    const checkSame = gathers ? () => {} : watchWeights(model, task)
    const { mask } = await pruningStep(resolved, own)
    checkSame()
    return mask
  }
  return gathers ? whileBusy(model, work, 'gather statistics') : work()
}
