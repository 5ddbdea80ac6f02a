import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { isProbability } from '../internal/is-probability.js'
import { checkClassIndex, checkSamples } from '../internal/metric-checks.js'
import { checkCount, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'

/** Options of {@link calibrationError}. */
export interface CalibrationErrorOptions {
  /** Class whose probabilities these are. */
  readonly positiveClass: number
  /** Bins of about as many samples each; as many as there are samples at most. @default 15 */
  readonly bins?: number
}

/** Bins where the caller names no number. */
export const USUAL_BINS = 15

const task = 'compute calibrationError'
const checks: OptionChecks<CalibrationErrorOptions> = {
  positiveClass: required(checkClassIndex),
  bins: checkCount,
}

/**
 * Calibration error of one class in adaptive bins: by how much its probabilities differ from the
 * share of samples that have it.
 *
 * The samples are put in order by the probability of the class and cut into bins of about as many
 * each; the error is the sum over bins b of n_b / n |share of the class in b - mean probability in
 * b|. Equal probabilities stay in one bin, so that the order of the samples does not matter. With
 * bins of one size this is the inner sum of the adaptive calibration error.
 *
 * @param labels Class index of each sample.
 * @param probabilities Probability of the class per sample, in [0, 1] but for a backend's rounding.
 * @param options The class and the number of bins.
 * @returns The error in [0, 1].
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a label is no class index, a probability is not in
 *   [0, 1], or `bins` is not a whole number of at least 1.
 * @see Nixon, Dusenberry, Zhang, Jerfel, Tran: Measuring calibration in deep learning. CVPR
 *   Workshops 2019.
 *
 * @example
 * ```ts
 * import { calibrationError } from 'tfjs-prune/audit'
 *
 * const probabilities = [0.1, 0.1, 0.1, 0.1, 0.9, 0.9]
 * const error = calibrationError([0, 0, 0, 0, 1, 0], probabilities, { positiveClass: 1, bins: 2 })
 * // 4 of 6 samples are .1 too sure, and 2 of 6 by .4
 * if (Math.abs(error - 0.2) > 1e-12) throw new Error(`${error}`)
 * ```
 */
export function calibrationError(
  labels: NumberArray,
  probabilities: NumberArray,
  options: CalibrationErrorOptions,
): number {
  checkOptions(options, { task, checks })
  const { positiveClass, bins = USUAL_BINS } = options
  checkSamples(labels, probabilities, { task, name: 'probabilities', positiveClass })
  for (let i = 0; i < probabilities.length; i++) {
    const value: unknown = probabilities[i]
    if (typeof value === 'number' && isProbability(value)) continue
    const message = `Cannot ${task}: expected probability ${i} in [0, 1], got ${String(value)}`
    throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
  }
  const places = Uint32Array.from({ length: labels.length }, (_, i) => i)
  return binnedError(places, { isClass: (i) => labels[i] === positiveClass, probabilities, bins })
}

interface Binning {
  readonly isClass: (sample: number) => boolean
  readonly probabilities: NumberArray
  readonly bins: number
}

/** As {@link calibrationError}, of the samples at these places. */
export function binnedError(
  places: Uint32Array,
  { isClass, probabilities, bins }: Binning,
): number {
  const n = places.length
  const sorted = places.slice().sort((a, b) => probabilities[a]! - probabilities[b]!)
  const wanted = Math.min(bins, n)
  let error = 0
  let begin = 0
  for (let bin = 1; bin <= wanted; bin++) {
    let end = Math.max(begin, Math.round((bin * n) / wanted))
    while (end > 0 && end < n && probabilities[sorted[end]!] === probabilities[sorted[end - 1]!])
      end++
    let difference = 0
    for (const i of sorted.subarray(begin, end))
      difference += Number(isClass(i)) - probabilities[i]!
    error += Math.abs(difference) / n
    begin = end
  }
  return error
}
