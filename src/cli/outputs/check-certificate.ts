import type { io } from '@tensorflow/tfjs-core'
import { saveCompressed } from 'tfjs-prune/files'

/** The place of a certificate in the metadata of a model. */
interface Metadata {
  readonly 'tfjs-prune'?: { readonly decisionThreshold?: { readonly certificate?: unknown } }
}

/**
 * Throws where artifacts carry a certificate of other weights, as after pruning. Each saver does so
 * but the handler of plain files, which writes as it is told.
 */
export async function checkCertificate(
  artifacts: io.ModelArtifacts,
  how: { readonly signal?: AbortSignal },
): Promise<void> {
  const metadata = artifacts.userDefinedMetadata as Metadata | undefined
  if (metadata?.['tfjs-prune']?.decisionThreshold?.certificate === undefined) return
  await saveCompressed(artifacts, () => {}, how)
}
