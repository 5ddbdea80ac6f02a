import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { describe } from '../internal/describe.js'
import { checkClassIndex, checkSamples, checkScores } from '../internal/metric-checks.js'
import { checkCount, checkIndex, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import type { Certificate } from './certificate.js'
import { checkSameLabels, type ScoredLevel } from './certify-scores.js'
import { checkApart } from './check-apart.js'
import { checkDensity, checkFingerprintForm } from './check-facts.js'
import { likeliestThreshold } from './likeliest-threshold.js'
import { paretoFront } from './pareto-front.js'
import { makePlan } from './plan.js'
import { type Risks, riskChecks } from './risks.js'
import { testInOrder } from './test-in-order.js'

/** A file, or another setting of several knobs: its cost, and its scores on both sets of samples. */
export interface ScoredFile extends Omit<ScoredLevel, 'threshold'> {
  /** How its values are stored, or a name of the setting. */
  readonly type: string
  /** Bytes of the file, a whole number of at least 1; or another cost. */
  readonly bytes: number
  /** Samples that the threshold comes from, apart from the calibration samples. */
  readonly tuning: {
    /** Class index of each tuning sample. */
    readonly labels: NumberArray
    /** Score of the positive class per tuning sample. */
    readonly scores: NumberArray
  }
}

/** Options of {@link certifyFront}. */
export interface CertifyFrontOptions extends Risks {
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
}

const task = 'certify'
const checks: OptionChecks<CertifyFrontOptions> = {
  ...riskChecks,
  positiveClass: required(checkClassIndex),
}

/**
 * Certifies the smallest of many files from their scores: round, type of values and threshold at
 * once.
 *
 * On the tuning samples each file gets its likeliest threshold, and the chance that it passes. The
 * files that no other one beats in both bytes and chance form a front. On the calibration samples
 * they are tested from the likeliest to the smallest, each for both rates at the whole delta, until
 * the first that fails; the last that passed is accepted. Then P(FNR > alpha or FPR > beta) <=
 * delta for the file that is accepted, whatever knobs made the files and however many there were:
 * the front and its order do not depend on the calibration samples.
 *
 * Pure; `certifyFiles` of `tfjs-prune/files` makes the files and the scores.
 *
 * @param files At least one file, in any order; the labels are the same in all.
 * @param options The positive class, the two largest rates, and the confidence.
 * @returns The certificate, with `method: 'pareto'`: its levels are the files of the front.
 * @throws {TypeError} If files is no list, or something in it is of the wrong type or length.
 * @throws {RangeError} If there is no file, labels differ between files, bytes are no whole number
 *   above 0, a density is outside (0, 1], a round is no whole number, a fingerprint is not 16
 *   hexadecimal digits, a score is NaN, tuning and calibration samples of a file are the same, or
 *   there are too few samples: the message names the number.
 * @see Laufer-Goldshtein, Fisch, Barzilay, Jaakkola: Efficiently Controlling Multiple Risks with
 *   Pareto Testing. ICLR 2023, arXiv 2210.07913.
 *
 * @example
 * ```ts
 * import { certifyFront } from 'tfjs-prune/certify'
 *
 * const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
 * const file = (type: string, bytes: number, gap: number) => {
 *   const scoresOf = (shift: number) =>
 *     Float64Array.from(labels, (label, i) => ((Math.floor(i / 2) + shift) % 100) + gap * label)
 *   const tuning = { labels, scores: scoresOf(50.5) } // other samples than the calibration ones
 *   return { round: 0, density: 1, type, bytes, labels, scores: scoresOf(0), tuning }
 * }
 * const files = [file('float32', 4000, 500), file('int8', 1000, 300), file('codebook4', 500, 0)]
 * const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
 * const { accepted } = certifyFront(files, { positiveClass: 1, ...promise })
 * if (accepted?.type !== 'int8') throw new Error('the classes are mixed up in the smallest file')
 * ```
 */
export function certifyFront(
  files: readonly ScoredFile[],
  options: CertifyFrontOptions,
): Certificate {
  checkOptions(options, { task, checks })
  const { positiveClass } = options
  checkFiles(files, positiveClass)
  const own = copyOptions(options, checks)
  const about = { ...own, method: 'pareto' as const }
  const { positives, negatives } = makePlan(files[0]!.labels, { ...about, levels: 1 })
  const candidates = files.map((file) => {
    const { labels, scores } = file.tuning
    const tuned = likeliestThreshold(labels, scores, { ...own, positives, negatives })
    return { ...file, ...tuned }
  })
  const front = paretoFront(candidates)
  return testInOrder(front, makePlan(files[0]!.labels, { ...about, levels: front.length }))
}

function checkFiles(files: readonly ScoredFile[], positiveClass: number): void {
  if (!Array.isArray(files))
    throw new TypeError(`Cannot ${task}: expected a list of files, got ${describe(files)}`)
  if (files.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one file, got none`)
  for (const [index, file] of (files as readonly ScoredFile[]).entries()) {
    if (typeof file !== 'object' || file === null || typeof file.type !== 'string') {
      const got = describe((file as Partial<ScoredFile> | null)?.type)
      throw new TypeError(`Cannot ${task}: expected a file with a type at ${index}, got ${got}`)
    }
    checkCount(file.bytes, { task, name: `bytes of file ${index}` })
    if (typeof file.tuning !== 'object' || file.tuning === null)
      throw new TypeError(
        `Cannot ${task}: expected tuning as { labels, scores } of file ${index}, got ${describe(file.tuning)}`,
      )
    checkSamples(file.labels, file.scores, { task, name: 'scores', positiveClass })
    checkScores(file.scores, task)
    checkSameLabels(file.labels, files[0]!.labels)
    checkFacts(file, index)
    checkTuned(file, positiveClass)
  }
}

function checkFacts({ round, density, fingerprint }: ScoredFile, index: number): void {
  const at = (name: string) => ({ task, name: `${name} of file ${index}` })
  checkIndex(round, at('round'))
  checkDensity(density, at('density'))
  checkFingerprintForm(fingerprint, at('fingerprint'))
}

/** Throws where the threshold would be tested on the samples that it was chosen on. */
function checkTuned({ tuning, labels, scores }: ScoredFile, positiveClass: number): void {
  checkSamples(tuning.labels, tuning.scores, { task, name: 'tuning scores', positiveClass })
  checkApart({ tuning, calibration: { labels, scores } }, { task })
}
