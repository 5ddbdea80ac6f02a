import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkSource, isLayersModel, type ModelSource } from '../../artifacts/model-source.js'
import { whileBusy } from '../../internal/busy-models.js'
import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { checkMask } from '../../masks/check-mask.js'
import { whileOpen } from '../model/open-model.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import { type TrialTests, trialTests } from './certify-trials.js'
import { measuredSource } from './measured-source.js'
import { checks, type NarrowestOptions } from './narrowest-options.js'
import type { NarrowestResult } from './narrowest-result.js'
import { tryTypes } from './try-types.js'

const task = 'find the narrowest type'

/**
 * Finds the smallest file whose weights keep the false negatives within a budget. Accuracy alone
 * would hide the misses of a rare class that rounding adds.
 *
 * Stores the model as every type, then goes from the smallest file to the largest: the model gets
 * the weights that the file gives back, `evaluate` measures it, and the first type with misses <=
 * budget in every class is the answer. Its own weights come back after each measurement to the bit,
 * also after an error, and if `evaluate` changes them. Until the promise settles, do not read or save
 * the model elsewhere: it may hold the weights of a file. Save with that type:
 * `saveCompressed(model, path, { type, mask })`, or
 * `saveQuantised(model, path, { type, mask })` for `uint8` and `uint16`.
 *
 * The misses are counts on one set of samples, and the type is chosen by them: confirm it on
 * samples that had no part in it. A certificate of the model in float32 does not hold for the
 * narrower one. With `certify` the answer holds for new data: all types are measured, each within
 * the budget gets its likeliest threshold and its chance to pass by tuning samples, and those that
 * no other one beats in bytes and chance are tested on the calibration samples, from the likeliest
 * to the smallest, until the first that fails. The last that passed is the answer, with the
 * certificate of the weights that its file gives back; its `decision` goes to the saver. The budget
 * counts misses at the threshold of `evaluate`, the certificate at its own. `certifyFiles` is the
 * sibling without a budget, for all rounds at once.
 *
 * @param model A LayersModel, a GraphModel, a handler that loads either, or artifacts as it loads
 *   them; in the end it is as it was.
 * @param options The budget, how to measure, and the types.
 * @returns The type, and a table of all types up to it with their bytes and misses
 *   (docs/guide/files.md prints one); `feasible: false` and no type when none is within the budget,
 *   or none of these is certified: `certificate` has the tests then. Where no type is within the
 *   budget, no calibration sample is used up. Types that cannot hold a weight (a NaN; above 65504
 *   in `float16`) are in `refused`.
 * @throws {TypeError} If an option is of the wrong type or does not exist, or a class of the budget
 *   is not the evaluation's positive one and `evaluate` returns no `labels` and `predictions`; or
 *   `certify` comes with a source that is no LayersModel, or without thresholds: no `tuning`, and no
 *   `scores` from `evaluate`.
 * @throws {RangeError} If the budget is negative or names a class without samples, a type is
 *   unknown, or the selector names nothing; or calibration samples are too few, shared with the
 *   tuning samples or with those of `evaluate`, or used before. Nothing has changed then.
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
  const {
    mask,
    evaluate: _,
    certify,
    ...search
  } = copyOptions(options as NarrowestOptions<T>, checks as OptionChecks<NarrowestOptions<T>>)
  const measured = measuredSource(model, options.evaluate, task)
  const work = (tests?: TrialTests) =>
    whileOpen(model, { mask, task }, (opened) => tryTypes(opened, measured, { ...search, tests }))
  if (!isLayersModel(model)) {
    if (certify !== undefined) throw withoutLayers()
    return work()
  }
  if (mask !== undefined) checkMask(model, mask)
  const tests = certify && (await trialTests(model, certify, options))
  return whileBusy(model, () => work(tests), task)
}

function withoutLayers(): TypeError {
  const wanted = 'a LayersModel beside certify (certifyFront takes the scores of other models)'
  return new TypeError(`Cannot ${task}: expected ${wanted}, got another source`)
}
