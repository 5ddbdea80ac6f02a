import type { io } from '@tensorflow/tfjs-core'
import { readArtifacts } from '../../artifacts/read-artifacts.js'
import { artifactsFingerprint } from '../../certify/artifacts-fingerprint.js'
import type { Certificate } from '../../certify/certificate.js'
import { checkFingerprint } from '../../certify/check-certified.js'
import {
  checkDecision,
  type DecisionThreshold,
  METADATA_KEY,
} from '../../certify/stored-decision.js'
import type { OpenedModel } from './opened-model.js'

type Entries = Readonly<Record<string, unknown>>

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
  load: () => Promise<io.ModelArtifacts>,
  task: string,
): Promise<void> {
  const metadata = parts.userDefinedMetadata as Entries | undefined
  const own = metadata?.[METADATA_KEY] as
    | { readonly decisionThreshold?: { readonly certificate?: Certificate } }
    | undefined
  const certificate = own?.decisionThreshold?.certificate
  if (certificate?.accepted?.fingerprint === undefined) return
  const written = await readArtifacts({ load }, task)
  checkFingerprint(certificate, { task, got: await artifactsFingerprint(written, task) })
}
