import type { io } from '@tensorflow/tfjs-core'
import { checkSource, type ModelSource } from '../artifacts/model-source.js'
import type { DecisionThreshold } from '../certify/stored-decision.js'
import { progressOf } from '../internal/at-once.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { anything, oneOf } from '../internal/option-checks.js'
import type { Mask } from '../masks/mask.js'
import type { Selector } from '../select/selector.js'
import { compressedTypes } from './codecs/codecs.js'
import { compressedHandler } from './compressed-handler.js'
import { type CompressedTarget, saverOf } from './compressed-target.js'
import { LARGEST_HEADER, sectionBytes } from './container/header.js'
import { type PackedWeight, packModel } from './container/pack-model.js'
import { countElements, whileOpen } from './model/open-model.js'
import { countingProgress } from './model/progress.js'
import { checkStoredDecision, withDecision } from './model/stored-decision.js'
import { type CompressedType, lossless } from './model/value-type.js'
import { turnsUntil } from './model/work.js'

/** Options of {@link saveCompressed}. */
export interface SaveCompressedOptions {
  /**
   * How each value is stored: `float32` loses nothing, the others trade accuracy for bytes.
   *
   * @default 'float32'
   */
  readonly type?: CompressedType
  /** Weights that it prunes are stored as 0. @default none: zeros are where the model has them */
  readonly mask?: Mask
  /**
   * The float32 weights that are stored as `type`; others stay float32.
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
  /**
   * Called after each weight is placed, and again after it is encoded, with the share of the work
   * that is done, in (0, 1]; 1 once saved.
   */
  readonly onProgress?: (fraction: number) => void
  /**
   * Stops the save, which rejects with the signal's reason; a file that was there before stays. A
   * handler of yours is not called any more, but not interrupted either.
   */
  readonly signal?: AbortSignal
}

/** The result of {@link saveCompressed}: that of the handler, and a line for each weight. */
export interface CompressedSaveResult extends io.SaveResult {
  /** In the model's order. */
  readonly weights: readonly {
    /** Layer path and role. */
    readonly name: string
    /**
     * The type that its values took: the one that was asked for, or one that loses nothing and is
     * shorter. Left out for weights of whole numbers and flags.
     */
    readonly type?: CompressedType
    /** Bytes of its places and values; 0 where an equal weight stands before it. */
    readonly bytes: number
  }[]
}

const task = 'save the compressed model'
const checks: OptionChecks<SaveCompressedOptions> = {
  type: oneOf(...compressedTypes),
  mask: anything,
  select: anything,
  decision: anything,
  onProgress: checkFunction,
  signal: checkSignal,
}

/**
 * Saves a model as one small file: the places of the weights that are not 0, and their values.
 *
 * A weight takes about N (H(p) + p b) bits, for N elements of which a share p is not 0, stored with
 * b bits each, and H(p) = -p log2 p - (1 - p) log2 (1 - p). The places are written as a bitmap or
 * as gaps in the Golomb-Rice code, whole or by rows or columns: the shortest of these is taken. The
 * values are deflated where that helps. The container holds the topology, the
 * signature and the user-defined metadata too: a decision threshold and its certificate travel with
 * the model. {@link compressedHandler} loads it. At 25 % density and less it is far smaller than a
 * file of {@link saveQuantised}, which needs nothing but stock tfjs.
 *
 * The loss of a value depends on its type. Where a form that loses nothing is shorter, a weight takes
 * that one: no type makes a weight larger than `float32` does, and the result says which type each
 * weight took.
 *
 * - `float32` loses nothing, not even the bits of a NaN, but -0 becomes +0. Where few values
 *   differ, as in a model that was quantised before, a codebook holds them all; where half precision
 *   holds every value to the bit, they are written as `float16`.
 * - `float16` loses at most 2^-11 of the value from 2^-14 on, and 2^-25 below.
 * - `int8` loses at most 0.41 % of the largest |value| of the output channel, or 6.3e-8 of the
 *   largest |value| of the weight if that is more.
 * - `codebook4` to `codebook8` keep 16 to 256 values a weight, placed by k-means. They lose nothing
 *   of a weight with no more different values. Otherwise the root of the mean squared error is at
 *   most range / (2 (2^bits - 1)).
 *
 * @param model A LayersModel, a GraphModel, a handler that loads either, or artifacts as it loads
 *   them, also weights without a topology; it is not changed. Masking layers are saved as stock
 *   ones, the optimizer not at all. Of a graph the operations say which weights are stored in fewer
 *   bits, and which axis their output channels are on: constants such as shapes and factors stay as
 *   they are. Quantised weights are decoded; where `type` is `float32` their few values make a
 *   codebook that loses nothing.
 * @param handler The place for the file. A path or `file://` URL in Node is one file, written whole
 *   or not at all; its folder is made if there is none, and behind a symbolic link its target is
 *   written. Another URL is one that tfjs has a handler for, such as `indexeddb://name` or
 *   `downloads://name` (the container is the `.bin` file). A tfjs handler gets artifacts whose
 *   `weightData` is the container and whose topology names it as one. A function gets the bytes and
 *   is waited for.
 * @param options The type of the values, a mask, a selector, progress, and a signal to stop.
 * @returns The result of the handler (for a path or a function, the sizes), and in `weights` the
 *   type and the bytes of each weight. The handler is called last, when everything has been
 *   checked.
 * @throws {TypeError} If an option does not exist, the source has no weights or is disposed, the
 *   target is no handler, a layer's class is not registered, or a weight is of another type than
 *   float32, int32, bool and string.
 * @throws {RangeError} If `type` is no such type, tfjs has no handler for the URL, it is a
 *   `file://` URL with a host, the selector names nothing, two weights would have one name in the
 *   file, the certificate of its decision threshold names other weights than the file gives back (a
 *   certificate of float32 in a file of `int8`), a value is not finite (or above 65504 for
 *   `float16`) and its type cannot hold it, or topology and metadata take more than 16 MiB or are
 *   nested deeper than 1,000 brackets. Above 1 MiB, loading them takes `maximumHeaderBytes`.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 * @throws {Error} If the file system refuses. A file that was there before is still there then.
 * @see docs/format.md in the repository: the format, byte by byte
 *
 * @example
 * ```ts
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 * import { compressedHandler, saveCompressed } from 'tfjs-prune/files'
 *
 * const dense = layers.dense({ units: 100, inputShape: [300], useBias: false })
 * const model = sequential({ layers: [dense] })
 * const mask = await computeMask(model, { density: 0.05 })
 * let file = new Uint8Array()
 * await saveCompressed(model, (bytes) => { file = bytes }, { type: 'int8', mask })
 * if (file.length > 120_000 / 30) throw new Error('a thirtieth of the weights as they were')
 * const loaded = await loadLayersModel(compressedHandler(file))
 * if (loaded.countParams() !== 30_000) throw new Error('it is the whole model again')
 * ```
 */
export async function saveCompressed(
  model: ModelSource,
  handler: CompressedTarget,
  options: SaveCompressedOptions = {},
): Promise<CompressedSaveResult> {
  checkSource(model, task)
  checkOptions(options, { task, checks })
  const { type = lossless, mask, select, decision, signal } = options
  const onProgress = progressOf(options, task)
  const save = saverOf(handler, { task, signal })
  signal?.throwIfAborted()
  const turn = turnsUntil(signal)
  // The weights are those of the call: nothing is waited for before the model is open.
  const packed = await whileOpen(model, { mask, task }, async (found) => {
    await turn()
    const opened = withDecision(found, decision, task)
    // Each element is placed, and then encoded.
    const onElements = countingProgress(2 * countElements(opened), onProgress)
    const written = await packModel(opened, { type, select, task, turn, onElements })
    const limits = { maximumBytes: Number.MAX_SAFE_INTEGER, maximumHeaderBytes: LARGEST_HEADER }
    const load = () => compressedHandler(written.bytes, limits).load!()
    await checkStoredDecision(opened, load, task)
    return written
  })
  await turn()
  const result = await save(packed)
  onProgress?.(1)
  return { ...result, weights: packed.weights.map(storedWeight) }
}

function storedWeight(weight: PackedWeight) {
  const { name, dtype, values } = weight
  const bytes = sectionBytes(weight)
  return { name, ...(dtype === 'float32' && { type: values as CompressedType }), bytes }
}
