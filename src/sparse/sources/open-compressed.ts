import { isGraph } from '../../artifacts/graph-node.js'
import { decodeSurvivors, type Survivors } from '../../files/container/decode-weight.js'
import type { WeightEntry } from '../../files/container/header.js'
import { containerLoader } from '../../files/container/load-container.js'
import type { CompressedHandlerOptions } from '../../files/container/load-options.js'
import type { CompressedSource } from '../../files/container/open-source.js'
import { readingError } from '../layers/reading-error.js'
import type { NetworkSource, SparseWeight } from '../network/source.js'

/** Options of {@link openCompressed}: those of `compressedHandler`. */
export type OpenCompressedOptions = CompressedHandlerOptions

/**
 * Opens a model that `saveCompressed` wrote, without tfjs. The zeros are never written out: memory
 * holds the places and the values of the weights that are left.
 *
 * @param source Where the container is, as for `compressedHandler`; URLs of schemes that are
 *   registered with tfjs, such as `indexeddb://name`, are not known.
 * @param options Limits, progress, and how to fetch.
 * @returns The source of a network.
 * @throws {TypeError} If the source is of no known kind, an option does not exist or is of the
 *   wrong type.
 * @throws {RangeError} If the bytes are no whole container, above a limit of the options, or cannot
 *   be read.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { saveCompressed } from 'tfjs-prune/files'
 * import { compileSparse, openCompressed } from 'tfjs-prune/sparse'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * let file = new Uint8Array()
 * await saveCompressed(model, (bytes) => { file = bytes })
 * const network = await compileSparse(await openCompressed(file))
 * const logits = network.predict(new Float32Array([1, 0, 0, 0])) as Float32Array
 * const [kernel] = model.getWeights()
 * if (Math.abs(logits[1]! - kernel!.dataSync()[1]!) > 1e-6) throw new Error('as in tfjs')
 * network.dispose()
 * ```
 */
export async function openCompressed(
  source: CompressedSource,
  options: OpenCompressedOptions = {},
): Promise<NetworkSource> {
  const { parts, weights } = await containerLoader(source, options, { decode: decodeSurvivors })()
  const topology = parts.modelTopology
  if (topology === undefined || topology instanceof ArrayBuffer)
    throw readingError('the topology of a layers model', 'none')
  if (isGraph(topology)) {
    const got = 'a graph model: load it, loadGraphModel(compressedHandler(source))'
    throw readingError('the topology of a layers model', got)
  }
  const named = new Map(weights.map(({ entry, decoded }) => [entry.name, sparse(entry, decoded)]))
  const metadata = parts.userDefinedMetadata as object | undefined
  return { topology, metadata, weight: ({ saved }) => named.get(saved) }
}

function sparse({ shape, dtype }: WeightEntry, { positions, values }: Survivors): SparseWeight {
  const views = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, string: Uint8Array }
  const elements = new views[dtype](values)
  return {
    shape,
    ...(positions && { positions }),
    values: elements instanceof Float32Array ? elements : Float32Array.from(elements),
  }
}
