import { type ToOnnxOptions, toOnnx } from 'tfjs-prune/onnx'
import { openLayers } from '../models/open-layers.js'
import { bytesAtPlace } from '../outputs/bytes-at.js'
import { checkFile } from '../outputs/check-file.js'
import { checkFree } from '../outputs/check-free.js'
import { writeWhole } from '../outputs/write-whole.js'
import { missesOfOnnx } from '../terminal/misses.js'
import type { OutputOptions } from './work-options.js'

/** Options of {@link onnx}. */
export interface OnnxOptions extends OutputOptions {
  /** How the values of kernels are stored. @default 'float32' */
  readonly type?: ToOnnxOptions['values'] | undefined
  /** Version of ONNX's operations. @default that of `toOnnx` */
  readonly opset?: number | undefined
}

/** The outcome of {@link onnx}: plain data. */
export interface OnnxFile {
  readonly model: string
  readonly output: string
  readonly type: string
  /** Bytes of the model; left out for a URL. */
  readonly before?: number
  /** Bytes of the output. */
  readonly after: number
  readonly misses: string
}

/** Writes a model of layers as an ONNX file. */
export async function onnx(
  model: string,
  output: string,
  { type = 'float32', opset, force, signal }: OnnxOptions = {},
): Promise<OnnxFile> {
  await checkFile(output, 'model.onnx')
  await checkFree(output, { force })
  const layers = await openLayers(model, 'write the model as ONNX')
  try {
    const bytes = await toOnnx(layers, { values: type, ...(opset !== undefined && { opset }) })
    signal?.throwIfAborted()
    const before = await bytesAtPlace(model)
    await writeWhole(output, bytes)
    const sizes = { ...(before !== undefined && { before }), after: bytes.length }
    return { model, output, type, ...sizes, misses: missesOfOnnx }
  } finally {
    layers.dispose()
  }
}
