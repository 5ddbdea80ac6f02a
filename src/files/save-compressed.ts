import type { io } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptionNames } from '../internal/check-option-names.js'
import { checkChoice } from '../internal/option-checks.js'
import type { Mask } from '../masks/mask.js'
import type { Selector } from '../select/selector.js'
import { type PackedModel, packModel } from './container/pack-model.js'
import { isPath, pathOf } from './disk/file-system.js'
import { saveFile } from './disk/save-file.js'
import { savingHandler } from './save-handler.js'
import { type CompressedType, compressedTypes } from './values/value-type.js'

const TASK = 'save the compressed model'

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
}

/** Where a container goes: a path or URL, a tfjs handler, or a function that gets the bytes. */
export type CompressedTarget = io.IOHandler | string | ((bytes: Uint8Array<ArrayBuffer>) => unknown)

/**
 * Saves a model as one small file: the places of the weights that are not 0, and their values.
 *
 * A weight takes about N (H(p) + p b) bits, for N elements of which a share p is not 0, stored with
 * b bits each, and H(p) = -p log2 p - (1 - p) log2 (1 - p): the places are written as Golomb-Rice
 * coded gaps, whole or by rows or columns, or as a bitmap, whichever is shortest; the values are
 * deflated where that helps. The container holds the topology and the user-defined metadata too: a
 * decision threshold and its certificate travel with the model. {@link compressedHandler} loads it.
 * Sizes at 25 % density and less are far below those of `saveQuantised`, whose files need nothing
 * but stock tfjs.
 *
 * What is lost, value by value: `float32` nothing, not even of NaN, but that -0 becomes +0; where
 * few values differ, as in a model that was quantised before, they are written by a codebook that
 * has them all. `float16`: at most 2^-11 of the value from 2^-14 on, 2^-25 below. `int8`: at most
 * 0.41 % of the largest |value| of the output channel (6.3e-8 of that of the weight, if that is
 * more). `codebook4` to `codebook8`: 16 to 256 values a weight, placed by k-means; none lost if
 * there are no more different ones; else the root of the mean squared error is at most range / (2
 * (2^bits - 1)).
 *
 * @param model Any LayersModel; it is not changed. Masking layers are saved as stock ones, the
 *   optimizer not at all.
 * @param handler Where to. A path or `file://` URL in Node is one file, written whole or not at
 *   all, in a folder that is made if there is none; another URL is one that tfjs has a handler for,
 *   such as `indexeddb://name` or `downloads://name` (the container is the `.bin` file). A tfjs
 *   handler gets artifacts whose `weightData` is the container and whose topology says what it is.
 *   A function gets the bytes and is waited for.
 * @param options What to store and how.
 * @returns What the handler returns; for a path or a function, the sizes. The handler is called
 *   last, once all is sound.
 * @throws {TypeError} If an option does not exist, the handler is none, a layer's class is not
 *   registered, or a weight is of another type than float32, int32 and bool.
 * @throws {RangeError} If `type` is no such type, tfjs has no handler for the URL, the selector
 *   names nothing, two weights would have one name in the file, a value is not finite (or above
 *   65504 for `float16`) and its type cannot hold it, or topology and metadata take more than 16
 *   MiB.
 * @throws {TypeError | RangeError} If the mask does not fit the model.
 * @throws {Error} If the file system refuses; nothing is left under the path then but what was
 *   there before.
 * @see docs/format.md in the repository: the format, byte by byte
 *
 * @example
 * ```ts
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask } from 'tfjs-prune'
 * import { compressedHandler, saveCompressed } from 'tfjs-prune/files'
 *
 * const model = sequential({ layers: [layers.dense({ units: 100, inputShape: [300], useBias: false })] })
 * const mask = await computeMask(model, { density: 0.05 })
 * let file = new Uint8Array()
 * await saveCompressed(model, (bytes) => { file = bytes }, { type: 'int8', mask })
 * if (file.length > 120_000 / 30) throw new Error('a thirtieth of the weights as they were')
 * const loaded = await loadLayersModel(compressedHandler(file))
 * if (loaded.countParams() !== 30_000) throw new Error('it is the whole model again')
 * ```
 */
export async function saveCompressed(
  model: LayersModel,
  handler: CompressedTarget,
  options: SaveCompressedOptions = {},
): Promise<io.SaveResult> {
  checkOptionNames(options, { task: TASK, known: ['type', 'mask', 'select'] })
  const { type = 'float32', mask, select } = options
  checkChoice(type, compressedTypes, { task: TASK, name: 'type' })
  const save = saverOf(handler)
  return save(await packModel(model, { type, mask, select, task: TASK }))
}

type Saver = (packed: PackedModel) => Promise<io.SaveResult>

function saverOf(handler: CompressedTarget): Saver {
  if (typeof handler === 'function') return writer((bytes) => handler(bytes))
  if (typeof handler === 'string' && isPath(handler)) {
    const path = pathOf(handler)
    if (path === '') throw new RangeError(`Cannot ${TASK}: expected a path, got '${handler}'`)
    return writer((bytes) => saveFile({ path, bytes }, TASK))
  }
  const inner = savingHandler(handler, TASK)
  return async (packed) => inner.save(carrying(packed))
}

/** Writes the container, waits for that, and tells the sizes. */
function writer(write: (bytes: Uint8Array<ArrayBuffer>) => unknown): Saver {
  return async ({ bytes, parts }) => {
    await write(bytes)
    const text = JSON.stringify(parts.modelTopology)
    const sizes = {
      modelTopologyBytes: new TextEncoder().encode(text).length,
      weightDataBytes: bytes.length,
    }
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', ...sizes } }
  }
}

/**
 * Artifacts that hold a container as their weight data, and a topology that says so to who loads
 * them otherwise.
 */
function carrying({ bytes, parts }: PackedModel): io.ModelArtifacts {
  const { modelTopology: _, userDefinedMetadata: __, ...origin } = parts
  const modelTopology = {
    class_name: 'tfjs-prune container: load it with compressedHandler',
    config: {},
  }
  const weightSpecs = [{ name: 'container', shape: [bytes.length], dtype: 'bool' as const }]
  return { ...origin, modelTopology, weightSpecs, weightData: bytes.buffer }
}
