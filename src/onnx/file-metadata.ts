import type { LayersModel } from '@tensorflow/tfjs-layers'
import { decisionThreshold } from '../certify/decision-threshold.js'
import { METADATA_KEY } from '../certify/stored-decision.js'
import type { OptionCheck } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { optionError } from '../internal/option-error.js'

/** Texts by name, as an ONNX file carries them. */
export type FileMetadata = Readonly<Record<string, string>>

/** Throws unless the value is an object of texts that leaves the library's own place free. */
export const checkMetadata: OptionCheck = (value, { task, name }) => {
  const wrong = (wanted: string, got: string) =>
    optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(`${name} to be an object of texts`, describe(value))
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw wrong(`${name} to hold texts`, `${key}: ${describe(text)}`)
    if (key !== METADATA_KEY) continue
    const wanted = `${name} without ${METADATA_KEY}, which holds the decision threshold`
    throw optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${describe(text)}`))
  }
}

/** The texts of the caller, and the decision threshold of the model where it has one. */
export function fileMetadata(model: LayersModel, texts: FileMetadata): FileMetadata {
  const decision = decisionThreshold(model)
  if (decision === undefined) return texts
  return { ...texts, [METADATA_KEY]: JSON.stringify({ decisionThreshold: decision }) }
}
