import type { ModelKind } from '../models/model-kind.js'
import { openModel } from '../models/open-model.js'
import { bytesAtPlace } from '../outputs/bytes-at.js'
import { checkFree } from '../outputs/check-free.js'
import { checkType, isContainer, saveModel } from '../outputs/save-model.js'
import { missesOfType } from '../terminal/misses.js'
import type { OutputOptions } from './work-options.js'

/** Options of {@link compress}. */
export interface CompressOptions extends OutputOptions {
  /** How each value is stored. @default 'float32' for a `.tfpr` file, 'uint8' for a folder */
  readonly type?: string | undefined
}

/** The outcome of {@link compress}: plain data. */
export interface Compressed {
  readonly model: string
  readonly kind: ModelKind
  readonly output: string
  readonly type: string
  /** Bytes of the model; left out for a URL. */
  readonly before?: number
  /** Bytes of the output. */
  readonly after: number
  readonly misses: string
}

/** Saves a model in fewer bytes. */
export async function compress(
  model: string,
  output: string,
  { type = isContainer(output) ? 'float32' : 'uint8', force, ...work }: CompressOptions = {},
): Promise<Compressed> {
  checkType(output, type)
  await checkFree(output, { force })
  const { kind, artifacts } = await openModel(model)
  const before = await bytesAtPlace(model)
  const after = await saveModel(artifacts, output, { type, ...work })
  const sizes = { ...(before !== undefined && { before }), after }
  return { model, kind, output, type, ...sizes, misses: missesOfType(type) }
}
