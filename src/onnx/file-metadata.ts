import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFingerprint } from '../certify/check-certified.js'
import { type DecisionThreshold, METADATA_KEY } from '../certify/stored-decision.js'
import { fingerprintOfValues } from '../certify/weights-fingerprint.js'
import type { OptionCheck } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { modelWeights } from '../internal/model-weights.js'
import { optionError } from '../internal/option-error.js'
import { task } from './graph/onnx-error.js'
import type { StoredValues } from './passes/store-values.js'
import type { NamedValues } from './read-graph.js'

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
export function fileMetadata(
  decision: DecisionThreshold | undefined,
  texts: FileMetadata,
  written: WrittenValues,
): FileMetadata {
  if (decision === undefined) return texts
  checkWritten(decision, written)
  return { ...texts, [METADATA_KEY]: JSON.stringify({ decisionThreshold: decision }) }
}

/** The weights that are written, and how. */
interface WrittenValues {
  readonly model: LayersModel
  readonly weights: NamedValues
  readonly values: StoredValues
}

function checkWritten(
  { certificate }: DecisionThreshold,
  { model, weights, values }: WrittenValues,
): void {
  if (certificate?.accepted?.fingerprint === undefined) return
  if (values !== 'float32') {
    const got = `${values} and a certificate of float32: fewer bits are another network`
    throw new RangeError(`Cannot ${task}: expected values in float32, got ${got}`)
  }
  const all = modelWeights(model)
  const read = all.map(({ name, variable }) => {
    const own = weights.get(variable)!.values
    return [name, variable.dtype === 'float32' ? own : Int32Array.from(own)]
  })
  const got = fingerprintOfValues(all, Object.fromEntries(read))
  checkFingerprint(certificate, { task, got })
}
