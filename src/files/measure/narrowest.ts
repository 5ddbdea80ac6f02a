import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkSource, isLayersModel, type ModelSource } from '../../artifacts/model-source.js'
import { whileBusy } from '../../internal/busy-models.js'
import { checkOptions } from '../../internal/check-options.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Evaluation } from '../../types.js'
import { whileOpen } from '../model/open-model.js'
import type { OpenedModel } from '../model/opened-model.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import { turnsUntil } from '../model/work.js'
import { type MeasuredFiles, measuredSource } from './measured-source.js'
import { judgeMisses } from './miss-budget.js'
import { checks, defaultTypes, type NarrowestOptions } from './narrowest-options.js'
import type { NarrowestResult, NarrowTrial } from './narrowest-result.js'
import { storeTypes } from './store-types.js'

const task = 'find the narrowest type'

/**
 * Finds the smallest file whose weights keep the false negatives within a budget. Accuracy alone
 * would hide the misses of a rare class that rounding adds.
 *
 * Stores the model as every type, then goes from the smallest file to the largest: the model gets
 * the weights that the file gives back, `evaluate` measures it, and the first type with misses <=
 * budget in every class is the answer. Its own weights come back after each measurement to the bit,
 * also after an error, and if `evaluate` changes them. Save with that type:
 * `saveCompressed(model, path, { type, mask })`, or
 * `saveQuantised(model, path, { type, mask })` for `uint8` and `uint16`.
 *
 * The misses are counts on one set of samples, and the type is chosen by them: confirm it on
 * samples that had no part in it. A certificate of the model in float32 does not hold for the
 * narrower one. `certifyFiles` is the sibling whose answer holds for new data: give it the rounds,
 * or that of this model alone, and calibration samples that nothing has seen.
 *
 * @param model A LayersModel, a GraphModel, a handler that loads either, or artifacts as it loads
 *   them; in the end it is as it was.
 * @param options The budget, how to measure, and the types.
 * @returns The type, and a table of all types up to it with their bytes and misses
 *   (docs/guide/files.md prints one); `feasible: false` and no type when none is within the budget.
 *   Types that cannot hold a weight (a NaN; above 65504 in `float16`) are in `refused`.
 * @throws {TypeError} If an option is of the wrong type or does not exist, or a class of the budget
 *   is not the evaluation's positive one and `evaluate` returns no `labels` and `predictions`.
 * @throws {RangeError} If the budget is negative or names a class without samples, a type is
 *   unknown, or the selector names nothing. Nothing has changed then.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 * @throws {Error} If a run of `prune` is at work on the model. Errors of `evaluate`
 *   come through.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn } from 'tfjs-prune'
 * import { narrowest } from 'tfjs-prune/files'
 *
 * const dense = layers.dense({ units: 1, useBias: false, inputShape: [2] })
 * const model = sequential({ layers: [dense] })
 * model.setWeights([tensor2d([[1], [-1]])])
 * const data = { xs: tensor2d([[2, 1], [3, 1], [1, 2], [1, 3]]), ys: [1, 1, 0, 0] }
 * const evaluate = evaluateOn(data, { positiveClass: 1 })
 * const types = ['float32', 'int8', 'codebook4'] as const
 * const found = await narrowest(model, { budget: { 1: 0, 0: 0 }, evaluate, types })
 * if (!found.feasible) throw new Error(found.reason)
 * // Two values lose nothing in any type: the first one will do.
 * if (found.table.length !== 1) throw new Error('one type was tried')
 * ```
 */
export async function narrowest<
  T extends ValueType = CompressedType,
  S extends ModelSource = LayersModel,
>(model: S, options: NarrowestOptions<T, S>): Promise<NarrowestResult<T>> {
  checkSource(model, task)
  checkOptions(options as NarrowestOptions<T>, { task, checks })
  const { mask, evaluate } = options
  const measured = measuredSource(model, evaluate, task)
  const work = () =>
    whileOpen(model, { mask, task }, (opened) => tryTypes(opened, measured, options))
  if (!isLayersModel(model)) return work()
  if (mask !== undefined) checkMask(model, mask)
  return whileBusy(model, work, task)
}

type Trials<T extends ValueType> = Omit<NarrowestOptions<T>, 'evaluate' | 'mask'>

async function tryTypes<T extends ValueType>(
  model: OpenedModel,
  measured: MeasuredFiles,
  options: Trials<T>,
): Promise<NarrowestResult<T>> {
  const { budget, select, signal, onProgress } = options
  // Without types, T is CompressedType.
  const types = options.types ?? (defaultTypes as readonly ValueType[] as readonly T[])
  const judge = (evaluation: Evaluation) => ({
    ...judgeMisses(evaluation, budget, task),
    evaluation,
  })
  signal?.throwIfAborted()
  const { words: before, ...original } = judge(await measured.original())
  // Half of the steps store a type, and half of them measure one.
  const steps = 2 * new Set(types).size
  const onStored = (count: number) => onProgress?.(count / steps)
  const turn = turnsUntil(signal)
  const how = { select, task, turn, onStored }
  const { candidates, refused } = await storeTypes(model, types, how)
  const table: NarrowTrial<T>[] = []
  for (const { type, bytes, stored } of candidates) {
    signal?.throwIfAborted()
    const { words, ...trial } = judge(await measured.stored(stored))
    table.push({ type, bytes, ...trial })
    const isLast = trial.feasible || table.length === candidates.length
    onProgress?.(isLast ? 1 : 0.5 + table.length / steps)
    if (trial.feasible)
      return { feasible: true, type, reason: `${type}: ${words}`, original, table, refused }
  }
  const cannot = refused.length > 0 ? `, ${refused.length} cannot hold the model` : ''
  const tried = `none of ${table.length} types is within the budget${cannot}`
  const reason = `${tried}; the model as it stands: ${before}`
  return { feasible: false, type: undefined, reason, original, table, refused }
}
