import type { io } from '@tensorflow/tfjs-core'
import {
  type CompressedType,
  fileHandler,
  type QuantisedType,
  saveCompressed,
  saveQuantised,
} from 'tfjs-prune/files'
import { WrongUse } from '../terminal/wrong-use.js'
import { bytesAt } from './bytes-at.js'
import { checkCertificate } from './check-certificate.js'
import { checkEnding } from './check-ending.js'
import { containerTypes, stockTypes } from './value-types.js'

/** Whether an output is one file of the weights that are left, by its ending. */
export const isContainer = (output: string): boolean => output.endsWith('.tfpr')

/** How a model is saved. */
export interface SavingOptions {
  /** How each value is stored. @default 'float32' */
  readonly type?: string | undefined
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Throws unless an output has a form of models, by its ending, and this form the type of values. */
export function checkType(output: string, type: string): void {
  checkEnding(output, 'a folder, its model.json or a .tfpr file', ['.tfpr', '.json'])
  const [form, types, other]: readonly [string, readonly string[], string] = isContainer(output)
    ? ['a .tfpr file', containerTypes, 'a folder is written with stock types']
    : ['a folder', stockTypes, 'name the output .tfpr for the other types']
  if (types.includes(type)) return
  const wanted = `--type ${types.join(', ')} for ${form}`
  throw new WrongUse(`Cannot save the model: expected ${wanted}, got ${type}: ${other}`)
}

/**
 * Saves artifacts as one `.tfpr` file, or as a folder of stock tfjs, whole or not at all. Throws
 * where they carry a certificate of other weights.
 *
 * @returns The bytes that were written.
 */
export async function saveModel(
  artifacts: io.ModelArtifacts,
  output: string,
  { type = 'float32', onProgress, signal }: SavingOptions = {},
): Promise<number> {
  checkType(output, type)
  const stop = signal ? { signal } : {}
  const how = { ...(onProgress && { onProgress }), ...stop }
  if (isContainer(output)) {
    await saveCompressed(artifacts, output, { type: type as CompressedType, ...how })
  } else if (type === 'float32') {
    await checkCertificate(artifacts)
    await fileHandler(output, stop).save!(artifacts)
  } else {
    const handler = fileHandler(output, stop)
    await saveQuantised(artifacts, handler, { type: type as QuantisedType, ...how })
  }
  return bytesAt(output)
}
