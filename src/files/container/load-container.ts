import type { io } from '@tensorflow/tfjs-core'
import { progressOf } from '../../internal/at-once.js'
import { describe } from '../../internal/describe.js'
import { refusal } from '../model/refusal.js'
import { turnsUntil } from '../model/work.js'
import type { DecodeWeight } from './decode-weight.js'
import { type CompressedHandlerOptions, checkedLoadOptions } from './load-options.js'
import { type CompressedSource, isSource, openSource } from './open-source.js'
import { type ReadContainer, readContainer } from './read-container.js'
import { untilAborted } from './until-aborted.js'

/** How the sections of a container are read, and which handlers of tfjs are known. */
export interface LoadWith<T> {
  readonly decode: DecodeWeight<T>
  readonly loadHandlers?: (url: string) => readonly io.IOHandler[]
}

const task = 'load the model'

/** Checks source and options; gives the function that opens the source, reads and closes it. */
export function containerLoader<T>(
  source: CompressedSource,
  options: CompressedHandlerOptions,
  { decode, loadHandlers }: LoadWith<T>,
): () => Promise<ReadContainer<T>> {
  const { maximumBytes, maximumHeaderBytes, maximumWait, ...others } = checkedLoadOptions(options)
  const { signal, fetchFunc, requestInit } = others
  const onProgress = progressOf(others, task)
  const fetching = { fetchFunc, requestInit, signal, maximumWait, loadHandlers }
  const limits = { maximumBytes, maximumHeaderBytes }
  if (!isSource(source)) {
    const got = describe(source)
    throw new TypeError(
      `Cannot ${task}: expected bytes, a blob, a path, a URL, a handler or a stream, got ${got}`,
    )
  }
  const read = async () => {
    signal?.throwIfAborted()
    const chunks = await fromSource(() => openSource(source, fetching), signal)
    try {
      const next = () => fromSource(async () => chunks.next(), signal)
      const tell = (fraction: number) => {
        onProgress?.(fraction)
        signal?.throwIfAborted()
      }
      const reading = { ...limits, onProgress: tell, turn: turnsUntil(signal) }
      return await readContainer({ next }, decode, reading)
    } finally {
      // Closes a file or a connection. Nobody waits for it: a stalled one may never answer.
      const leave = async () => chunks.return?.()
      leave().catch(() => {})
    }
  }
  return () => read().catch(withPlace(source))
}

/** Throws an error of the bytes anew, with the file or the URL that they came from. */
function withPlace(source: CompressedSource): (error: unknown) => never {
  const place = typeof source === 'string' || source instanceof URL ? String(source) : ''
  return (error) => {
    if (!isRefusal(error) || /^(data:|blob:|$)/i.test(place) || error.message.includes(place))
      throw error
    throw new RangeError(`${error.message}, in ${place}`, { cause: error.cause })
  }
}

const isRefusal = (error: unknown): error is RangeError =>
  error instanceof RangeError && error.message.startsWith(`Cannot ${task}`)

/**
 * Waits for the source, no longer than the signal allows. An error of the source is told in the
 * words of this library.
 */
async function fromSource<T>(read: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await untilAborted(read(), signal)
  } catch (cause) {
    signal?.throwIfAborted()
    if (isRefusal(cause)) throw cause
    throw refusal('to read the container', cause instanceof Error ? cause.message : cause, cause)
  }
}
