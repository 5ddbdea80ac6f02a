import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { describe } from '../internal/describe.js'
import { checkClassIndex, checkSamples, checkScores } from '../internal/metric-checks.js'
import { checkFinite, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import type { Certificate } from './certificate.js'
import { checkFingerprintForm } from './check-facts.js'
import { checkLevelMethod, type LevelMethod } from './method.js'
import { makePlan } from './plan.js'
import { type Risks, riskChecks } from './risks.js'
import { testInOrder } from './test-in-order.js'

/** One round's scores of the calibration samples. */
export interface ScoredLevel {
  /** Number of the round; 0 is the dense network. */
  readonly round: number
  /** Kept share of the prunable weights, in (0, 1]. */
  readonly density: number
  /** Class index of each sample; the same in all levels. */
  readonly labels: NumberArray
  /**
   * Score of the positive class per sample, higher = more likely; infinite ones count as
   * +-Number.MAX_VALUE.
   */
  readonly scores: NumberArray
  /**
   * Threshold that was fixed on other samples, such as one of `likeliestThreshold`;
   * `fixed-sequence` needs it, and `bonferroni` takes none.
   */
  readonly threshold?: number
  /** `weightsFingerprint` of the network. @default the certificate names no weights */
  readonly fingerprint?: string
}

/** Options of {@link certifyScores}. */
export interface CertifyScoresOptions extends Risks {
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
  /**
   * `bonferroni`: the calibration positives set each threshold, at an error of delta / L.
   * `fixed-sequence`: thresholds come from other samples, and each level is tested at delta.
   *
   * @default 'bonferroni'
   */
  readonly method?: LevelMethod
}

const task = 'certify'
const checks: OptionChecks<CertifyScoresOptions> = {
  ...riskChecks,
  positiveClass: required(checkClassIndex),
  method: checkLevelMethod,
}

/**
 * Certifies rounds from their scores of calibration samples: hold the false-negative rate, spend
 * the false positives.
 *
 * With `bonferroni`, at each of L levels, dense to sparse: the threshold t_l is the j-th smallest
 * score of the positives, j = max { j : P(Bin(n+, alpha) <= j - 1) <= delta / L }, and a sample is
 * predicted positive if and only if score >= t_l. On the negatives FPR(t_l) > beta is tested by the
 * exact binomial at delta; the first level that fails ends it, and the last that passed is
 * accepted. Then P(FNR > alpha) <= delta and P(FPR > beta) <= delta whatever was pruned, with alpha
 * and beta the two maxima and delta = 1 - confidence.
 *
 * With `fixed-sequence` the thresholds are given, from samples apart from these. A level passes if
 * P(Bin(n+, alpha) <= FN) <= delta and P(Bin(n-, beta) <= FP) <= delta. Then P(FNR > alpha or FPR >
 * beta) <= delta: both promises hold together, and the number of levels costs nothing.
 *
 * Pure; `certify` is its sibling that makes the scores, and `certifyFront` goes along sizes of
 * files.
 *
 * @param levels At least one level, the densities not rising; all of them count for L.
 * @param options The positive class, the two largest rates, and the confidence.
 * @returns The certificate: plain data. `accepted` is null when the first level fails.
 * @throws {TypeError} If levels is no list, something in it is not a number or of another length,
 *   or a threshold is missing with `fixed-sequence` or given with `bonferroni`.
 * @throws {RangeError} If there is no level, densities rise, labels differ between levels or are no
 *   class indices, a score is NaN, a fingerprint is not 16 hexadecimal digits, a rate or
 *   `confidence` is outside (0, 1), or there are too few samples: the message names the number.
 * @see Tong, Feng, Li: Neyman-Pearson classification algorithms and NP receiver operating
 *   characteristics. Science Advances 2018.
 *
 * @example
 * ```ts
 * import { certifyScores } from 'tfjs-prune/certify'
 *
 * const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
 * const dense = Float64Array.from(labels, (label, i) => i + 1000 * label)
 * const levels = [
 *   { round: 0, density: 1, labels, scores: dense },
 *   { round: 1, density: 0.5, labels, scores: dense.map((_, i) => i) }, // the classes are mixed up
 * ]
 * const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
 * const { accepted } = certifyScores(levels, { positiveClass: 1, ...promise })
 * if (accepted?.round !== 0) throw new Error('only the dense network passes')
 * ```
 */
export function certifyScores(
  levels: readonly ScoredLevel[],
  options: CertifyScoresOptions,
): Certificate {
  checkOptions(options, { task, checks })
  const { positiveClass, method = 'bonferroni', ...risks } = copyOptions(options, checks)
  checkOrder(levels)
  for (const { labels, scores } of levels) {
    checkSamples(labels, scores, { task: 'certify', name: 'scores', positiveClass })
    checkScores(scores, 'certify')
    checkSameLabels(labels, levels[0]!.labels)
  }
  for (const level of levels) checkThreshold(level, method)
  for (const { round, fingerprint } of levels)
    checkFingerprintForm(fingerprint, { task, name: `fingerprint of round ${round}` })
  const counts = { positiveClass, method, levels: levels.length }
  return testInOrder(levels.map(withoutFile), makePlan(levels[0]!.labels, { ...risks, ...counts }))
}

/** The level without facts of a file, which a certificate of rounds has none of. */
function withoutFile({ round, density, labels, scores, threshold, fingerprint }: ScoredLevel) {
  const named = fingerprint !== undefined && { fingerprint }
  return { round, density, labels, scores, threshold, ...named }
}

/** Throws unless a level has a threshold where its method needs one, and none elsewhere. */
function checkThreshold({ threshold, round }: ScoredLevel, method: LevelMethod): void {
  const name = `the threshold of round ${round}`
  if (method === 'fixed-sequence') checkFinite(threshold, { task, name })
  if (method === 'fixed-sequence' || threshold === undefined) return
  const got = `${threshold} for bonferroni, whose thresholds the calibration positives set`
  throw new TypeError(`Cannot ${task}: expected no threshold of round ${round}, got ${got}`)
}

/**
 * Throws unless there is a level and all are in the order that was fixed in advance: dense to
 * sparse.
 */
export function checkOrder(
  levels: readonly { readonly round: number; readonly density: number }[],
): void {
  if (!Array.isArray(levels))
    throw new TypeError(`Cannot certify: expected a list of rounds, got ${typeof levels}`)
  if (levels.length === 0)
    throw new RangeError('Cannot certify: expected at least one round, got none')
  let before = 1
  let last = -1
  for (const [index, level] of (
    levels as readonly { round: number; density: number }[]
  ).entries()) {
    if (typeof level !== 'object' || level === null) {
      throw new TypeError(`Cannot certify: expected a round at ${index}, got ${String(level)}`)
    }
    const { round, density } = level
    if (!Number.isSafeInteger(round) || round <= last) {
      const wanted = last < 0 ? 'the number of a round' : `a round after ${last} at ${index}`
      throw refused(round, wanted)
    }
    last = round
    if (!(typeof density === 'number' && density > 0 && density <= before)) {
      const wanted = `a density in (0, ${before}] for round ${round}, dense to sparse`
      throw refused(density, wanted)
    }
    before = density
  }
}

function refused(value: unknown, wanted: string): Error {
  const message = `Cannot certify: expected ${wanted}, got ${describe(value)}`
  return typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/** Throws unless two levels have the same labels. */
export function checkSameLabels(labels: NumberArray, first: NumberArray): void {
  if (labels === first) return
  if (labels.length !== first.length) {
    throw new RangeError(
      `Cannot certify: expected ${first.length} samples at each level, got ${labels.length}`,
    )
  }
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === first[i]) continue
    throw new RangeError(
      `Cannot certify: expected label ${i} to be ${first[i]} at each level, got ${labels[i]}`,
    )
  }
}
