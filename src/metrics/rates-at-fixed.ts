import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkFixedRate } from '../internal/fixed-rates.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { type SortedSides, sortedSides } from '../internal/metric-sides.js'
import { required } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import type { NumberArray } from '../types.js'
import { missesAt } from './misses-at.js'
import { ratesAt } from './rates-at.js'
import { lowestThreshold } from './threshold-for-false-positive-rate.js'

/** Samples of one set, with the scores that a model gives them. */
export interface ScoredSamples {
  /** Class index of each sample. */
  readonly labels: NumberArray
  /** Score of the positive class, of any range, in the order of the labels; NaN is refused. */
  readonly scores: NumberArray
}

/** Options of {@link ratesAtFixed}. */
export interface RatesAtFixedOptions {
  /** The samples that the threshold is chosen on; at least one is negative. */
  readonly validation: ScoredSamples
  /** Others, which no choice has seen: the rates are theirs. */
  readonly test: ScoredSamples
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /** Share of the negatives that is taken for positives, in [0, 1). */
  readonly falsePositiveRate: number
}

/** A threshold with its rates on samples that it was not chosen on. */
export interface RatesAtThreshold {
  /** Samples are predicted positive from this score on; Infinity where nothing else keeps the rate. */
  readonly threshold: number
  /** FN / (FN + TP); NaN without positives. */
  readonly falseNegativeRate: number
  /** FP / (FP + TN); NaN without negatives. It is not the wanted one, but near it by chance. */
  readonly falsePositiveRate: number
}

/** The answer of {@link ratesAtFixed}: rates on the test samples. */
export interface RatesAtFixed {
  /** The wanted rate. */
  readonly falsePositiveRate: number
  /** FNR where the curve of the test samples has that rate; NaN without positives or negatives. */
  readonly curve: number
  /** The rates at the threshold that keeps to the wanted rate on the validation samples. */
  readonly moved: RatesAtThreshold
}

const task = 'compute ratesAtFixed'

const checkScored: OptionCheck = (value, { name }) => {
  if (typeof value === 'object' && value !== null && 'labels' in value && 'scores' in value) return
  const wanted = `${name} to be an object of labels and scores`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`))
}

const checks: OptionChecks<RatesAtFixedOptions> = {
  validation: required(checkScored),
  test: required(checkScored),
  positiveClass: required(checkClassIndex),
  falsePositiveRate: required(checkFixedRate),
}

/**
 * The misses on test samples at a fixed false-positive rate, in two ways: on the curve of the test
 * samples, and at the threshold that validation samples choose.
 *
 * `curve` is {@link falseNegativeRateAt} of the test samples: it looks at the labels of the test
 * negatives to place the boundary, so that each model has exactly the wanted rate. It compares how
 * well models order the samples. Take it to tell whether one method misses less than another: a
 * boundary that came out a little to one side is no part of the difference.
 *
 * `moved` is the figure of a user: {@link thresholdForFalsePositiveRate} on the validation samples
 * chooses the threshold, and the test samples are judged at it. The false alarms come out above or
 * below the wanted rate, by the chance of both sets, and the misses with them; so it varies more,
 * and its two rates are told together. Take it to say how a model will do once it is in use, and
 * never compare the misses of two models by it without their false alarms.
 *
 * Neither promises anything: `certify` of `tfjs-prune/certify` does.
 *
 * @param options Both sets, the positive class and the rate, which is fixed beforehand.
 * @returns Rates in [0, 1], both of the test samples; without positives there the
 *   false-negative rates are NaN, without negatives `curve` and the false-positive rate.
 * @throws {TypeError} If an option is missing or unknown, the lengths of a set differ, or something
 *   is not a number.
 * @throws {RangeError} If a set has no sample, the validation samples have no negative, a score is
 *   NaN, a label or `positiveClass` is no class index, `falsePositiveRate` is outside [0, 1), or no
 *   threshold keeps to it, as so many validation negatives have a score of Infinity.
 * @example
 * ```ts
 * import { ratesAtFixed } from 'tfjs-prune/metrics'
 *
 * const { curve, moved } = ratesAtFixed({
 *   validation: { labels: [1, 0, 0, 0, 0], scores: [9, 6, 4, 3, 2] },
 *   test: { labels: [1, 1, 0, 0, 0, 0], scores: [8, 5, 7, 4, 2, 1] },
 *   positiveClass: 1,
 *   falsePositiveRate: 0.25, // one negative of four
 * })
 * if (curve !== 0) throw new Error('above the second negative lie both positives')
 * if (moved.threshold !== 6) throw new Error('a validation negative of four scores 6 or more')
 * if (moved.falseNegativeRate !== 0.5 || moved.falsePositiveRate !== 0.25) throw new Error('5 is below 6')
 * ```
 */
export function ratesAtFixed(options: RatesAtFixedOptions): RatesAtFixed {
  checkOptions(options, { task, checks })
  const { falsePositiveRate } = options
  const [validation, test] = [sidesOf('validation', options), sidesOf('test', options)]
  const at = { falsePositiveRate, task: `${task} on validation` }
  const { threshold } = lowestThreshold(validation, at)
  const { recall, falsePositiveRate: reached } = ratesAt(test, threshold)
  return {
    falsePositiveRate,
    curve: missesAt(test, falsePositiveRate).falseNegativeRate,
    moved: { threshold, falseNegativeRate: 1 - recall, falsePositiveRate: reached },
  }
}

function sidesOf(set: 'validation' | 'test', options: RatesAtFixedOptions): SortedSides {
  const { [set]: samples, positiveClass } = options
  return sortedSides(samples.labels, samples.scores, { task: `${task} on ${set}`, positiveClass })
}
