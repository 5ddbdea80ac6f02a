import { type Shrunk, shrink as shrinkModel } from 'tfjs-prune/shrink'
import { openLayers } from '../models/open-layers.js'
import { artifactsOf } from '../outputs/artifacts-of.js'
import { bytesAtPlace } from '../outputs/bytes-at.js'
import { checkFree } from '../outputs/check-free.js'
import { checkType, saveModel } from '../outputs/save-model.js'
import { missesOfShrunk } from '../terminal/misses.js'
import type { OutputOptions } from './work-options.js'

/** Options of {@link shrink}. */
export interface ShrinkOptions extends OutputOptions {
  /** How each value is stored. @default 'float32' */
  readonly type?: string | undefined
}

/** The outcome of {@link shrink}: plain data. */
export interface ShrunkFile extends Omit<Shrunk, 'model'> {
  readonly model: string
  readonly output: string
  readonly type: string
  readonly bytes: { readonly before?: number; readonly after: number }
  readonly misses: string
}

/** Takes units away that no output depends on, and saves the smaller model. */
export async function shrink(
  model: string,
  output: string,
  { force, type = 'float32', onProgress, signal }: ShrinkOptions = {},
): Promise<ShrunkFile> {
  checkType(output, type)
  await checkFree(output, { force })
  const whole = await openLayers(model, 'shrink the model')
  try {
    const { model: small, ...report } = await shrinkModel(whole)
    try {
      signal?.throwIfAborted()
      const before = await bytesAtPlace(model)
      const artifacts = await artifactsOf(small)
      const after = await saveModel(artifacts, output, { type, onProgress, signal })
      const bytes = { ...(before !== undefined && { before }), after }
      return { model, output, type, bytes, misses: missesOfShrunk(type), ...report }
    } finally {
      small.dispose()
    }
  } finally {
    whole.dispose()
  }
}
