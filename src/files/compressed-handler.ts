import type { io } from '@tensorflow/tfjs-core'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import { describe } from '../internal/describe.js'
import { anything, checkIndex, numberThat } from '../internal/option-checks.js'
import { LARGEST_HEADER } from './container/header.js'
import { type CompressedSource, isSource, openSource } from './container/open-source.js'
import { readContainer } from './container/read-container.js'
import { untilAborted } from './container/until-aborted.js'
import { refusal } from './model/refusal.js'
import { turnsUntil } from './model/work.js'

export type { CompressedSource }

/** Options of {@link compressedHandler}. */
export interface CompressedHandlerOptions {
  /**
   * Largest number of bytes of all decoded weights, and of the header; a file that claims more is
   * refused before anything is allocated for it.
   *
   * @default 1 GiB: 268 million weights of float32
   */
  readonly maximumBytes?: number
  /**
   * Largest number of bytes of the header, which has the topology, the metadata and the list of
   * weights: as JSON it takes many times as many in memory. At most 16 MiB.
   *
   * @default 1 MiB: that of a model of a thousand layers
   */
  readonly maximumHeaderBytes?: number
  /**
   * Called after the header and after each weight with the share of the bytes that are read, in (0,
   * 1].
   */
  readonly onProgress?: (fraction: number) => void
  /** Fetches URLs. @default the global `fetch` */
  readonly fetchFunc?: typeof fetch
  /** Options of the request, such as `credentials` and `headers`. */
  readonly requestInit?: RequestInit
  /**
   * Most milliseconds to wait for the answer of a URL, and for each of its next bytes; Infinity for
   * no limit. A download that goes on may take as long as it likes. @default 60,000: a minute
   */
  readonly maximumWait?: number
  /** Stops loading: `load` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const DEFAULT_MAXIMUM = 2 ** 30
const DEFAULT_HEADER = 2 ** 20
const DEFAULT_WAIT = 60_000
/** The longest wait that timers keep. */
const LONGEST_WAIT = 2 ** 31 - 1

const task = 'load the model'
const checks: OptionChecks<CompressedHandlerOptions> = {
  maximumBytes: checkIndex,
  maximumHeaderBytes: numberThat(
    `a whole number of at most ${LARGEST_HEADER}`,
    (bytes) => Number.isInteger(bytes) && bytes >= 0 && bytes <= LARGEST_HEADER,
  ),
  onProgress: checkFunction,
  fetchFunc: checkFunction,
  requestInit: anything,
  maximumWait: numberThat(
    `above 0 and at most ${LONGEST_WAIT}, or Infinity`,
    (wait) => wait > 0 && (wait <= LONGEST_WAIT || wait === Number.POSITIVE_INFINITY),
  ),
  signal: checkSignal,
}

/**
 * Reads a model that {@link saveCompressed} wrote, for `loadLayersModel`.
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
 * @returns A handler whose `load` gives the artifacts, one ArrayBuffer a weight; it has no `save`.
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
  checkOptions(options, { task, checks })
  const { maximumBytes = DEFAULT_MAXIMUM, maximumHeaderBytes = DEFAULT_HEADER } = options
  const { maximumWait = DEFAULT_WAIT, onProgress, signal, fetchFunc, requestInit } = options
  const fetching = { fetchFunc, requestInit, signal, maximumWait }
  const limits = { maximumBytes, maximumHeaderBytes }
  if (!isSource(source)) {
    const got = describe(source)
    throw new TypeError(
      `Cannot ${task}: expected bytes, a blob, a path, a URL, a handler or a stream, got ${got}`,
    )
  }
  const load = async () => {
    signal?.throwIfAborted()
    const chunks = await fromSource(() => openSource(source, fetching), signal)
    try {
      const next = () => fromSource(async () => chunks.next(), signal)
      const tell = (fraction: number) => {
        onProgress?.(fraction)
        signal?.throwIfAborted()
      }
      return await readContainer(
        { next },
        { ...limits, onProgress: tell, turn: turnsUntil(signal) },
      )
    } finally {
      // Closes a file or a connection. Nobody waits for it: a stalled one may never answer.
      const leave = async () => chunks.return?.()
      leave().catch(() => {})
    }
  }
  return { load }
}

/**
 * Waits for the source, no longer than the signal allows. An error of the source is told in the
 * words of this library.
 */
async function fromSource<T>(read: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await untilAborted(read(), signal)
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof RangeError && cause.message.startsWith(`Cannot ${task}`)) throw cause
    throw refusal('to read the container', cause instanceof Error ? cause.message : cause, cause)
  }
}
