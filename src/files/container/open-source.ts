import type { io } from '@tensorflow/tfjs-core'
import { type Files, filesOfNode } from '../disk/file-system.js'
import { openToRead } from '../disk/open-to-read.js'
import { isPath, pathOf } from '../disk/path-of.js'
import { refusal } from '../model/refusal.js'
import type { Chunks } from './byte-source.js'
import { type FetchOptions, fetchChunks } from './fetch-chunks.js'
import { streamChunks } from './stream-chunks.js'

/** Where a container comes from. */
export type CompressedSource =
  | Uint8Array
  | ArrayBuffer
  | string
  | URL
  | Blob
  | io.IOHandler
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>

/** How a source is opened. */
export interface OpenOptions extends FetchOptions {
  /** Finds the handlers of tfjs for a URL. @default no scheme of tfjs is known */
  readonly loadHandlers?: ((url: string) => readonly io.IOHandler[]) | undefined
}

/** Opens a source: its bytes in chunks of any length. */
export async function openSource(source: CompressedSource, options: OpenOptions): Promise<Chunks> {
  if (source instanceof Uint8Array) return [source].values()
  if (source instanceof ArrayBuffer) return [new Uint8Array(source)].values()
  if (typeof source === 'string') return openText(source, options)
  if (source instanceof URL) return openUrl(source, options)
  if (source instanceof Blob) return streamChunks(source.stream())
  if (typeof (source as io.IOHandler)?.load === 'function')
    return artifactChunks(source as io.IOHandler)
  // Not all browsers can iterate over a stream, and an iterator could not be left while it waits.
  if ('getReader' in source) return streamChunks(source as ReadableStream<Uint8Array>)
  return (source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
}

/** Whether something is a {@link CompressedSource}. */
export function isSource(source: unknown): source is CompressedSource {
  const kinds = [Uint8Array, ArrayBuffer, URL, Blob]
  if (typeof source === 'string' || kinds.some((kind) => source instanceof kind)) return true
  if (typeof source !== 'object' || source === null) return false
  return 'load' in source || Symbol.asyncIterator in source || 'getReader' in source
}

async function openText(url: string, options: OpenOptions): Promise<Chunks> {
  if (/^(https?:\/\/|data:|blob:)/i.test(url)) return fetchChunks(url, options)
  if (!isPath(url)) {
    const [handler, ...others] = options.loadHandlers?.(url) ?? []
    if (handler && others.length === 0) return artifactChunks(handler)
    const got = handler ? `${url} with ${others.length + 1}` : url
    throw refusal('a URL that tfjs has one load handler for here', got)
  }
  const files = filesOfNode()
  if (files) return fileChunks(pathOf(url, 'load the model'), files)
  if (url.startsWith('file://'))
    throw refusal('Node 20.16 or later for a file:// URL', 'a platform without files')
  return fetchChunks(url, options)
}

/** A URL object: of a file, with its escapes undone as Node does it, or whatever its text is. */
async function openUrl(url: URL, options: OpenOptions): Promise<Chunks> {
  const files = url.protocol === 'file:' ? filesOfNode() : undefined
  return files ? fileChunks(url, files) : openText(url.href, options)
}

async function artifactChunks(handler: io.IOHandler): Promise<Chunks> {
  const { weightData, getWeightStream } = await handler.load!()
  if (weightData !== undefined) {
    const buffers = [weightData].flat()
    return buffers.map((buffer) => new Uint8Array(buffer)).values()
  }
  if (!getWeightStream) throw refusal('a handler that gives weight data', 'none')
  // Declared as buffers; those of tfjs itself are views of bytes.
  const toBytes = new TransformStream<ArrayBuffer | Uint8Array, Uint8Array>({
    transform: (chunk, out) =>
      out.enqueue(chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk)),
  })
  return streamChunks(getWeightStream().pipeThrough(toBytes))
}

const CHUNK = 2 ** 18

async function* fileChunks(path: string | URL, files: Files): AsyncGenerator<Uint8Array> {
  const { file } = await openToRead(path, files)
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK)
      const { bytesRead } = await file.read(chunk, 0, CHUNK, null)
      if (bytesRead === 0) return
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
