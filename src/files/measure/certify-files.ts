import type { Certificate } from '../../certify/certificate.js'
import { checkOrder } from '../../certify/certify-scores.js'
import { checkTuning } from '../../certify/tuning-data.js'
import { progressOf } from '../../internal/at-once.js'
import { whileBusy } from '../../internal/busy-models.js'
import { checkModel } from '../../internal/check-model.js'
import { checkOptions } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { checkMask } from '../../masks/check-mask.js'
import type { Round } from '../../rounds/round.js'
import type { CompressedType, ValueType } from '../model/value-type.js'
import { type CertifyFilesOptions, checks } from './certify-files-options.js'
import { certifyStored, type FileCandidate } from './certify-stored.js'
import { prepareTests } from './prepare-tests.js'
import { keepingWeights } from './with-stored.js'

/** The answer of {@link certifyFiles}. */
export interface CertifiedFiles<T extends ValueType = ValueType> {
  /** The certificate; its `accepted` names round, type, threshold and fingerprint. */
  readonly certificate: Certificate
  /** All files that were looked at, round by round, the smallest of a round first. */
  readonly candidates: readonly FileCandidate<T>[]
}

const task = 'certify'

/**
 * Finds the smallest file that provably misses at most a given share of the positive class: round,
 * type of values and threshold at once, quantisation included.
 *
 * Each round is stored as each type, and the model gets the weights that the file gives back. On
 * the tuning samples each file gets its likeliest threshold and its chance to pass; those that no
 * other one beats in bytes and chance are tested on the calibration samples, from the likeliest to
 * the smallest, until the first that fails. `certifyFront` has the formulas, and the promise: P(FNR
 * > alpha or FPR > beta) <= delta for the file that is accepted.
 *
 * Until the promise settles, do not read or save the model elsewhere: it holds the weights of rounds
 * and files.
 *
 * `narrowest` is its sibling without a promise. To save the accepted file, give the model its round
 * and store it as its type: encoding is deterministic, and the fingerprint in the certificate is
 * compared with the weights in the file.
 *
 * @param rounds Finished rounds, the densities not rising.
 * @param options The model, both sets of samples, the positive class, the promise and the types.
 *   All files of the front are held in memory until they are tested.
 * @returns The certificate, plain data, and a table of the files that were looked at; types that
 *   cannot hold a weight are left out of it. No tensor is left behind.
 * @throws {TypeError} If an option is of the wrong type or unknown, samples do not fit the model, or
 *   `tuning` has `indices` alone or not one for each sample.
 * @throws {RangeError} If a rate or `confidence` is outside (0, 1); samples are too few, shared by
 *   tuning and calibration, or used before; no type can hold a round; a type is unknown or the
 *   selector names nothing; or a round does not fit the model. The model has its own weights then,
 *   too.
 * @throws {Error} If a run of `prune` is at work on the model.
 * @see Laufer-Goldshtein, Fisch, Barzilay, Jaakkola: Efficiently Controlling Multiple Risks with
 *   Pareto Testing. ICLR 2023, arXiv 2210.07913.
 *
 * @example
 * ```ts
 * import { tensor2d, train } from '@tensorflow/tfjs-core'
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
 * import { applyTrained, evaluateOn, fit, prune } from 'tfjs-prune'
 * import { checkCertified, decisionThreshold } from 'tfjs-prune/certify'
 * import { certifyFiles, compressedHandler, saveCompressed } from 'tfjs-prune/files'
 *
 * const samples = (count: number) => {
 *   const ys = Int32Array.from({ length: count }, (_, i) => i % 2)
 *   return { xs: tensor2d(Array.from(ys, (label, i) => [4 * label - 2, Math.sin(i)])), ys }
 * }
 * const [data, tuning, calibration] = [samples(32), samples(100), samples(300)]
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] })
 * const { rounds } = await prune(model, {
 *   train: fit(data, { optimizer: () => train.sgd(0.1), epochs: 5 }),
 *   evaluate: evaluateOn(tuning, { positiveClass: 1 }),
 *   schedule: [1, 0.5],
 * })
 * const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
 * const types = ['int8', 'float32'] as const
 * const { certificate } = await certifyFiles(rounds, { model, tuning, calibration, types, positiveClass: 1, ...promise })
 * const { accepted } = certificate
 * if (!accepted) throw new Error(certificate.reason)
 *
 * const round = rounds.find((one) => one.round === accepted.round)!
 * applyTrained(model, round)
 * const decision = { threshold: accepted.threshold, positiveClass: 1, certificate }
 * let file = new Uint8Array()
 * const type = types.find((one) => one === accepted.type)!
 * await saveCompressed(model, (bytes) => { file = bytes }, { type, mask: round.mask, decision })
 * const loaded = await loadLayersModel(compressedHandler(file))
 * await checkCertified(loaded, decisionThreshold(loaded)!.certificate!)
 * ```
 */
export async function certifyFiles<T extends ValueType = CompressedType>(
  rounds: readonly Round[],
  options: CertifyFilesOptions<T>,
): Promise<CertifiedFiles<T>> {
  checkOptions(options as CertifyFilesOptions<ValueType>, { task, checks })
  const { model, calibration, tuning } = options
  checkModel(model, task)
  checkOrder(rounds)
  checkTuning(tuning, calibration)
  const { tune, ...tests } = await prepareTests(options)
  for (const { mask } of rounds) checkMask(model, mask)
  const onProgress = progressOf(options, task)
  const own = copyOptions(options as CertifyFilesOptions<ValueType>, checks) as typeof options
  const heard = { ...own, ...(onProgress && { onProgress }) }
  const work = () => certifyStored(rounds, { ...heard, ...tests, tune: tune! })
  return whileBusy(model, () => keepingWeights(model, work), task)
}
