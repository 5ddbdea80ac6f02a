import { io } from '@tensorflow/tfjs-core'
import { joinedBuffers } from '../artifacts/joined-buffers.js'
import { decodeWeight } from './container/decode-weight.js'
import type { WeightEntry } from './container/header.js'
import { containerLoader } from './container/load-container.js'
import type { CompressedHandlerOptions } from './container/load-options.js'
import type { CompressedSource } from './container/open-source.js'

export type { CompressedHandlerOptions, CompressedSource }

/**
 * Reads a model that {@link saveCompressed} wrote, for `loadLayersModel` or `loadGraphModel`.
 *
 * The container is read section by section as it arrives. Beside the decoded weights, memory holds
 * one section, one chunk of the source, and 16 bytes for each value of the weight that is being
 * decoded. Every byte is covered by a checksum, and the sizes in the header are checked before
 * anything is allocated for them.
 *
 * @param source Where the container is: its bytes, also as a `Blob` or `File`; an `http(s)://`,
 *   `data:` or `blob:` URL; a URL of a scheme that tfjs has a handler for, such as
 *   `indexeddb://name`; else a path or `file://` URL in Node, and a relative URL in browsers; a
 *   `URL` object; a tfjs handler that was given to `saveCompressed`; or a stream of chunks, which
 *   can be loaded once.
 * @param options Limits, progress, and how to fetch.
 * @returns A handler whose `load` gives the artifacts, one ArrayBuffer a weight, or one in all
 *   where there are texts; it has no `save`.
 * @throws {TypeError} If the source is of no known kind, an option does not exist or is of the
 *   wrong type.
 * @throws {RangeError} If, in `load`, the bytes are no container, of another version, cut off, too
 *   long, changed, of contents that contradict each other or above a limit of the options; or if
 *   they cannot be read, such as a device or a pipe, with the reason as `cause`. A signal that
 *   aborts rejects with its reason.
 *
 * @example
 * ```ts
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { compressedHandler, saveCompressed } from 'tfjs-prune/files'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * let file = new Uint8Array()
 * await saveCompressed(model, (bytes) => { file = bytes })
 * const loaded = await loadLayersModel(compressedHandler(file))
 * const [own, read] = [model, loaded].map((one) => one.getWeights()[0]!.dataSync()[0])
 * if (own !== read) throw new Error('to the bit')
 *
 * file[file.length - 1]! ^= 1
 * const loading = loadLayersModel(compressedHandler(file))
 * const outcome = await loading.catch((error: Error) => error.name)
 * if (outcome !== 'RangeError') throw new Error('a single bit is noticed')
 * ```
 */
export function compressedHandler(
  source: CompressedSource,
  options: CompressedHandlerOptions = {},
): io.IOHandler {
  const { getLoadHandlers: loadHandlers } = io
  const read = containerLoader(source, options, { decode: decodeWeight, loadHandlers })
  const load = async (): Promise<io.ModelArtifacts> => {
    const { parts, weights } = await read()
    const weightSpecs = weights.map(({ entry: { name, shape, dtype } }) => ({
      name,
      shape: [...shape],
      dtype,
    }))
    const data = weights.map(({ decoded }) => decoded)
    return { ...parts, weightSpecs, weightData: isSafe(weights) ? data : joinedBuffers(data) }
  }
  return { load }
}

/**
 * Whether stock tfjs finds the weights in buffers of their own: not where it looks into the middle
 * of one for the length of a text, nor behind one without bytes.
 */
function isSafe(weights: readonly { entry: WeightEntry; decoded: ArrayBuffer }[]): boolean {
  return weights.every(({ entry, decoded }) => entry.dtype !== 'string' && decoded.byteLength > 0)
}
