import { toWasm } from 'tfjs-prune/sparse'
import { openLayers } from '../models/open-layers.js'
import { bytesAtPlace } from '../outputs/bytes-at.js'
import { checkFile } from '../outputs/check-file.js'
import { checkFree } from '../outputs/check-free.js'
import { writeWhole } from '../outputs/write-whole.js'
import { missesOfWasm } from '../terminal/misses.js'
import type { OutputOptions } from './work-options.js'

/** The outcome of {@link wasm}: plain data. */
export interface WasmFile {
  readonly model: string
  readonly output: string
  /** Bytes of the model; left out for a URL. */
  readonly before?: number
  /** Bytes of the output. */
  readonly after: number
  readonly misses: string
}

/** Writes a model of layers as a WebAssembly module that runs by itself. */
export async function wasm(
  model: string,
  output: string,
  { force, signal }: OutputOptions = {},
): Promise<WasmFile> {
  await checkFile(output, 'model.wasm')
  await checkFree(output, { force })
  const layers = await openLayers(model, 'write the model as WebAssembly')
  try {
    const bytes = await toWasm(layers)
    signal?.throwIfAborted()
    const before = await bytesAtPlace(model)
    await writeWhole(output, bytes)
    const sizes = { ...(before !== undefined && { before }), after: bytes.length }
    return { model, output, ...sizes, misses: missesOfWasm }
  } finally {
    layers.dispose()
  }
}
