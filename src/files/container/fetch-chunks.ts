import { refusal } from '../model/refusal.js'
import type { Chunks } from './byte-source.js'
import { streamChunks } from './stream-chunks.js'

/** How a URL is fetched. */
export interface FetchOptions {
  readonly fetchFunc?: typeof fetch | undefined
  readonly requestInit?: RequestInit | undefined
  readonly signal?: AbortSignal | undefined
  /** Most milliseconds without an answer, or without the next bytes. */
  readonly maximumWait: number
}

/** Fetches a URL. A server that stalls, before its answer or within it, is left. */
export async function fetchChunks(
  url: string,
  { fetchFunc = fetch, requestInit, signal, maximumWait }: FetchOptions,
): Promise<Chunks> {
  const controller = new AbortController()
  const leave = () => controller.abort()
  for (const one of [signal, requestInit?.signal]) {
    if (one?.aborted) leave()
    one?.addEventListener('abort', leave, { signal: controller.signal })
  }
  const inTime = <T>(promise: Promise<T>) => within(promise, maximumWait, url).catch(leaving(leave))
  const response = await inTime(fetchFunc(url, { ...requestInit, signal: controller.signal }))
  if (!response.ok) {
    leave()
    throw refusal(`a container at ${url}`, `status ${response.status}`)
  }
  if (!response.body) return [new Uint8Array(await inTime(response.arrayBuffer()))].values()
  const chunks = streamChunks(response.body)
  return {
    next: () => inTime(chunks.next()),
    return: () => {
      leave()
      return chunks.return!()
    },
  }
}

function leaving(leave: () => void): (error: unknown) => never {
  return (error) => {
    leave()
    throw error
  }
}

/** Waits for a promise, but no longer than so many milliseconds. */
async function within<T>(promise: Promise<T>, milliseconds: number, url: string): Promise<T> {
  if (milliseconds === Number.POSITIVE_INFINITY) return promise
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const wanted = `the next bytes of ${url} within ${milliseconds} ms (maximumWait)`
    timer = setTimeout(() => reject(refusal(wanted, 'none')), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
