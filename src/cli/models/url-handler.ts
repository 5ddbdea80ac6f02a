import { io } from '@tensorflow/tfjs-core'
import { compressedHandler } from 'tfjs-prune/files'
import { WrongUse } from '../terminal/wrong-use.js'
import type { LoadHandler } from './load-handler.js'

/** The handler that loads a model from a URL: of a `.tfpr` file, a `model.json` or its folder. */
export function urlHandler(place: string): LoadHandler {
  if (!URL.canParse(place))
    throw new WrongUse(`Cannot load the model: expected a URL, got ${place}`)
  const { pathname } = new URL(place)
  if (pathname.endsWith('.json')) return filesOf(place)
  if (pathname.endsWith('/')) return filesOf(new URL('model.json', place).href)
  return { load: compressedHandler(place).load! }
}

/**
 * Loads a `model.json` and its files of weights. They are joined: tfjs cuts zeros out of a last one
 * that is longer than the others.
 */
function filesOf(url: string): LoadHandler {
  const load = async () => {
    const shards: string[] = []
    const fetchFunc = async (input: RequestInfo | URL, init?: RequestInit) => {
      const part = String(input)
      if (part !== url) shards.push(part)
      return fetched(part, init)
    }
    const artifacts = await io.http(url, { fetchFunc }).load!()
    const { weightData = [], weightSpecs = [] } = artifacts
    const joined = await new Blob([weightData].flat()).arrayBuffer()
    checkLength(joined, weightSpecs, shards)
    return { ...artifacts, weightData: joined }
  }
  return { load }
}

/** An answer that holds the file; tfjs would take the page of an error for weights. */
async function fetched(url: string, init: RequestInit | undefined): Promise<Response> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot load the model: expected an answer from ${url}, got ${got}`, { cause })
  })
  if (response.ok) return response
  throw new Error(`Cannot load the model: expected a file at ${url}, got status ${response.status}`)
}

const BYTES = { float32: 4, int32: 4, bool: 1, complex64: 8, uint8: 1, uint16: 2, float16: 2 }

function checkLength(
  { byteLength }: ArrayBuffer,
  specs: readonly io.WeightsManifestEntry[],
  urls: readonly string[],
): void {
  const sizes = specs.map(({ shape, dtype, quantization }) => {
    const each = BYTES[(quantization?.dtype ?? dtype) as keyof typeof BYTES]
    return shape.reduce((product, side) => product * side, each)
  })
  const wanted = sizes.reduce((sum, size) => sum + size, 0)
  // The length of texts is not known before they are read.
  if (Number.isNaN(wanted) || wanted === byteLength) return
  throw new RangeError(
    `Cannot load the model: expected ${wanted} bytes of weights in ${urls.join(', ')}, ` +
      `got ${byteLength}: one is cut off or of another model`,
  )
}
