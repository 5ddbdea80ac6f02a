import { checkSource, isLayersModel, type ModelSource } from '../artifacts/model-source.js'
import { readArtifacts } from '../artifacts/read-artifacts.js'
import { checkModel } from '../internal/check-model.js'
import { artifactsFingerprint } from './artifacts-fingerprint.js'
import type { Certificate } from './certificate.js'
import { checkCertificate } from './check-certificate.js'
import { weightsFingerprint } from './weights-fingerprint.js'

const task = 'trust the certificate'

/**
 * Checks that a certificate is that of a model: the weights are those that were tested.
 *
 * For a page that has loaded a model: `decisionThreshold(model)` gives the certificate that came
 * with it. A file of fewer bits, another round, training and a broken download change the weights.
 *
 * @param model A LayersModel, with the weights that are to be used; or a GraphModel, a handler that
 *   loads, or artifacts as it loads them.
 * @param certificate A certificate that accepts a round.
 * @returns A promise that settles once the weights are compared.
 * @throws {TypeError} If `model` is no source of weights, or `certificate` is no certificate.
 * @throws {RangeError} If the certificate contradicts itself, accepts no round, names no weights,
 *   as those of `certifyScores` without `fingerprint`, or names others.
 *
 * @example
 * ```ts
 * import { add } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { certifyScores, checkCertified, weightsFingerprint } from 'tfjs-prune/certify'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
 * const fingerprint = await weightsFingerprint(model)
 * const level = { round: 0, density: 1, labels, scores: labels, fingerprint }
 * const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
 * const certificate = certifyScores([level], { positiveClass: 1, ...promise })
 * await checkCertified(model, certificate)
 * model.setWeights(model.getWeights().map((weight) => add(weight, 1)))
 * const refusal = await checkCertified(model, certificate).catch((error: Error) => error.message)
 * if (refusal === undefined) throw new Error('other weights have no certificate')
 * ```
 */
export async function checkCertified(model: ModelSource, certificate: Certificate): Promise<void> {
  checkSource(model, task)
  if (isLayersModel(model)) checkModel(model, task)
  checkCertificate(certificate, task)
  const { accepted } = certificate
  if (!accepted)
    throw new RangeError(
      `Cannot ${task}: expected a certificate that accepts a round, got a refused one`,
    )
  if (accepted.fingerprint === undefined)
    throw new RangeError(
      `Cannot ${task}: expected a certificate with the fingerprint of its weights, got none`,
    )
  const got = isLayersModel(model)
    ? await weightsFingerprint(model)
    : await artifactsFingerprint(await readArtifacts(model, task), task)
  checkFingerprint(certificate, { task, got })
}

/** Throws if a certificate names other weights; one that names none is let pass. */
export function checkFingerprint(
  { accepted }: Pick<Certificate, 'accepted'>,
  { task, got }: { readonly task: string; readonly got: string },
): void {
  const wanted = accepted?.fingerprint
  if (wanted === undefined || wanted === got) return
  throw new RangeError(
    `Cannot ${task}: expected the certified weights, of the fingerprint ${wanted}, got others, of ${got}`,
  )
}
