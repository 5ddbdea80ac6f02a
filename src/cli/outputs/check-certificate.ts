import type { io } from '@tensorflow/tfjs-core'
import { type Certificate, checkCertified } from 'tfjs-prune/certify'

/** The place of a certificate in the metadata of a model. */
interface Metadata {
  readonly 'tfjs-prune'?: { readonly decisionThreshold?: { readonly certificate?: Certificate } }
}

/**
 * Throws where artifacts carry a certificate of other weights, as after pruning. Each saver does so
 * but the handler of plain files, which writes as it is told.
 */
export async function checkCertificate(artifacts: io.ModelArtifacts): Promise<void> {
  const metadata = artifacts.userDefinedMetadata as Metadata | undefined
  const certificate = metadata?.['tfjs-prune']?.decisionThreshold?.certificate
  if (certificate?.accepted?.fingerprint !== undefined) await checkCertified(artifacts, certificate)
}
