import type { io } from '@tensorflow/tfjs-core'
import { checkSource, type ModelSource } from '../artifacts/model-source.js'
import type { DecisionThreshold } from '../certify/stored-decision.js'
import { progressOf } from '../internal/at-once.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { anything, oneOf, required } from '../internal/option-checks.js'
import type { Mask } from '../masks/mask.js'
import type { Selector } from '../select/selector.js'
import { savingHandler } from './disk/save-handler.js'
import { countElements, whileOpen } from './model/open-model.js'
import { countingProgress } from './model/progress.js'
import { checkStoredDecision, withDecision } from './model/stored-decision.js'
import type { QuantisedType } from './model/value-type.js'
import { turnsUntil } from './model/work.js'
import { quantiseModel } from './stock/quantise-model.js'
import { readPlain } from './stock/read-plain.js'
import { quantisedTypes } from './stock/stock-codecs.js'

/** Options of {@link saveQuantised}. */
export interface SaveQuantisedOptions {
  /** How each value is stored: `uint8` takes a quarter of the bytes of float32, the others half. */
  readonly type: QuantisedType
  /** Weights that it prunes are stored as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /**
   * The float32 weights to quantise.
   *
   * @default those of two dimensions and more: biases and batch normalisation are small, and a
   *   moving variance in 8 bits would be destroyed
   */
  readonly select?: Selector
  /**
   * A decision threshold for the metadata of the file, in the place of the model's own; its
   * certificate is that of the weights that the file gives back.
   *
   * @default that of `setDecisionThreshold`, where the model has one
   */
  readonly decision?: DecisionThreshold
  /** Called after each weight with the share of the work that is done, in (0, 1]; 1 once saved. */
  readonly onProgress?: (fraction: number) => void
  /**
   * Stops the save, which rejects with the signal's reason; files that were there before stay. A
   * handler of yours is not called any more, but not interrupted either.
   */
  readonly signal?: AbortSignal
}

const task = 'save the quantised model'
const checks: OptionChecks<SaveQuantisedOptions> = {
  type: required(oneOf(...quantisedTypes)),
  mask: anything,
  select: anything,
  decision: anything,
  onProgress: checkFunction,
  signal: checkSignal,
}

/**
 * Saves a model with weights of 8 or 16 bits, as a file that stock tfjs loads with nothing
 * registered.
 *
 * `uint8` and `uint16`: value = code * scale + min, with one scale and min a weight, as tfjs
 * computes it in float64 before it rounds to float32. The range is that of the values and 0, so
 * that scale = (highest - lowest) / (2^bits - 1). The error is at most scale / 2, beside the
 * rounding to float32, and a zero stays +0 exactly: pruned weights stay pruned.
 * `float16`: the nearest value, a relative error of at most 2^-11 from 2^-14 on. Other weights stay
 * as they are, int32 and bool ones always. No -0 is written, unless a source of half precision has it
 * and stays as it is.
 *
 * @param model A LayersModel, a GraphModel, a handler that loads either, or artifacts as it loads
 *   them; it is not changed. Masking layers are saved as stock ones, the optimizer not at all. A
 *   weight that is in as few bits already stays as it is, unless the mask prunes some of it.
 * @param handler The place for the file: a tfjs handler, or a URL that tfjs has one for, such as
 *   `indexeddb://name`, `localstorage://name` or `downloads://name`; in Node a path or `file://`
 *   URL of a folder, written by {@link fileHandler}.
 * @param options The type of the values, a mask, a selector, progress, and a signal to stop.
 * @returns The result of the handler, which is called last, when everything has been checked.
 * @throws {TypeError} If an option does not exist, the handler has no `save`, the model is disposed,
 *   or a layer's class is not registered.
 * @throws {RangeError} If `type` is none of the three, tfjs has no handler for the URL, the
 *   selector names nothing, the certificate of its decision threshold names other weights than the
 *   file gives back, two weights would have one name in the file, or a value to quantise is
 *   not finite or too large: above 65504 for `float16`, close to the end of float32 for the others.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 * @see https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/io_utils.ts, which decodes
 *
 * @example
 * ```ts
 * import { io } from '@tensorflow/tfjs-core'
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { saveQuantised } from 'tfjs-prune/files'
 *
 * const model = sequential({ layers: [layers.dense({ units: 64, inputShape: [64] })] })
 * let saved: io.ModelArtifacts = {}
 * const handler = io.withSaveHandler(async (artifacts) => {
 *   saved = artifacts
 *   return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
 * })
 * const { modelArtifactsInfo } = await saveQuantised(model, handler, { type: 'uint8' })
 * const { weightDataBytes } = modelArtifactsInfo
 * if (weightDataBytes !== 64 * 64 + 4 * 64) throw new Error('a byte a weight, four a bias')
 * const loaded = await loadLayersModel(io.fromMemory(saved))
 * if (loaded.countParams() !== model.countParams()) throw new Error('stock tfjs loads it')
 * ```
 */
export async function saveQuantised(
  model: ModelSource,
  handler: io.IOHandler | string | URL,
  options: SaveQuantisedOptions,
): Promise<io.SaveResult> {
  checkSource(model, task)
  checkOptions(options, { task, checks })
  const { type, mask, select, decision, signal } = options
  const onProgress = progressOf(options, task)
  const inner = savingHandler(handler, { task, signal })
  signal?.throwIfAborted()
  const turn = turnsUntil(signal)
  // The weights are those of the call: nothing is waited for before the model is open.
  const quantised = await whileOpen(model, { mask, task }, async (found) => {
    await turn()
    const opened = withDecision(found, decision, task)
    const plain = await readPlain(opened, { select, task, turn })
    const onElements = countingProgress(countElements(opened), onProgress)
    const artifacts = await quantiseModel(plain, { type, task, turn, onElements })
    await checkStoredDecision(opened, async () => artifacts, task)
    return artifacts
  })
  await turn()
  const result = await inner.save(quantised)
  onProgress?.(1)
  return result
}
