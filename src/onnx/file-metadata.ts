import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFingerprint } from '../certify/check-certified.js'
import { decisionThreshold } from '../certify/decision-threshold.js'
import { type DecisionThreshold, METADATA_KEY } from '../certify/stored-decision.js'
import { weightsFingerprint } from '../certify/weights-fingerprint.js'
import type { OptionCheck } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { optionError } from '../internal/option-error.js'
import type { Mask } from '../masks/mask.js'
import { task } from './graph/onnx-error.js'
import type { StoredValues } from './passes/store-values.js'

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

/**
 * The texts of the caller, and the decision threshold of the model where it has one. Throws if its
 * certificate names other weights than those that are written.
 */
export async function fileMetadata(
  model: LayersModel,
  texts: FileMetadata,
  written: WrittenValues,
): Promise<FileMetadata> {
  const decision = decisionThreshold(model)
  if (decision === undefined) return texts
  await checkWritten(model, decision, written)
  return { ...texts, [METADATA_KEY]: JSON.stringify({ decisionThreshold: decision }) }
}

/** How the weights are written. */
interface WrittenValues {
  readonly values: StoredValues
  readonly mask: Mask | undefined
}

async function checkWritten(
  model: LayersModel,
  { certificate }: DecisionThreshold,
  { values, mask }: WrittenValues,
): Promise<void> {
  if (certificate?.accepted?.fingerprint === undefined) return
  if (values !== 'float32') {
    const got = `${values} and a certificate of float32: fewer bits are another network`
    throw new RangeError(`Cannot ${task}: expected values in float32, got ${got}`)
  }
  checkFingerprint(certificate, { task, got: await weightsFingerprint(model, { mask }) })
}
