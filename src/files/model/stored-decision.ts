import { dispose, io } from '@tensorflow/tfjs-core'
import type { Certificate } from '../../certify/certificate.js'
import { checkFingerprint } from '../../certify/check-certified.js'
import { type FingerprintedWeight, fingerprintOf } from '../../certify/fingerprint.js'
import {
  checkDecision,
  type DecisionThreshold,
  METADATA_KEY,
} from '../../certify/stored-decision.js'
import type { OpenedModel } from './opened-model.js'

type Entries = Readonly<Record<string, unknown>>

/** A file that was written: the names of its weights in their order, and the way to load it. */
export interface WrittenFile {
  readonly weights: readonly { readonly name: string }[]
  readonly load: () => Promise<io.ModelArtifacts>
}

/** The model with a decision threshold in its metadata; without one, the model as it is. */
export function withDecision(
  opened: OpenedModel,
  decision: DecisionThreshold | undefined,
  task: string,
): OpenedModel {
  if (decision === undefined) return opened
  checkDecision(decision, task)
  const metadata = opened.parts.userDefinedMetadata as Entries | undefined
  const own = metadata?.[METADATA_KEY] as Entries | undefined
  const entries = { ...own, decisionThreshold: JSON.parse(JSON.stringify(decision)) }
  const userDefinedMetadata = { ...metadata, [METADATA_KEY]: entries }
  return { ...opened, parts: { ...opened.parts, userDefinedMetadata } }
}

/**
 * Throws if a certificate in the metadata names other weights than those that the file gives back,
 * such as those before they were stored in fewer bits.
 */
export async function checkStoredDecision(
  { parts }: Pick<OpenedModel, 'parts'>,
  written: WrittenFile,
  task: string,
): Promise<void> {
  const metadata = parts.userDefinedMetadata as Entries | undefined
  const own = metadata?.[METADATA_KEY] as
    | { readonly decisionThreshold?: { readonly certificate?: Certificate } }
    | undefined
  const certificate = own?.decisionThreshold?.certificate
  if (certificate?.accepted?.fingerprint === undefined) return
  checkFingerprint(certificate, { task, got: await storedFingerprint(written) })
}

/** The fingerprint of the weights that a file gives back. */
async function storedFingerprint({ weights, load }: WrittenFile): Promise<string> {
  const { weightData, weightSpecs } = await load()
  const decoded = io.decodeWeights(weightData!, weightSpecs!)
  const read: FingerprintedWeight[] = []
  try {
    for (const [i, { name }] of weights.entries()) {
      const { shape, dtype, name: saved } = weightSpecs![i]!
      const data = await decoded[saved]!.data<'float32' | 'int32' | 'bool' | 'string'>()
      const values =
        dtype === 'string' ? new TextEncoder().encode(JSON.stringify(data)) : (data as Float32Array)
      read.push({ name, shape, values })
    }
  } finally {
    dispose(decoded)
  }
  return fingerprintOf(read)
}
