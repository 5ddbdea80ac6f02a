import { binomialCdf } from '../internal/binomial.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkClassIndex } from '../internal/metric-checks.js'
import { type SortedSides, sortedSides } from '../internal/metric-sides.js'
import { checkCount, required } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { mostErrors } from './plan.js'
import { type Risks, riskChecks } from './risks.js'
import { smoothedScores } from './smoothed-scores.js'

/** Options of {@link likeliestThreshold}. */
export interface LikeliestThresholdOptions extends Risks {
  /** Class that must not be missed; all others are negative. */
  readonly positiveClass: number
  /** Calibration samples of the positive class that the threshold will be tested on. */
  readonly positives: number
  /** Calibration samples of the other classes. */
  readonly negatives: number
}

const task = 'choose the likeliest threshold'
const checks: OptionChecks<LikeliestThresholdOptions> = {
  ...riskChecks,
  positiveClass: required(checkClassIndex),
  positives: required(checkCount),
  negatives: required(checkCount),
}

/**
 * The threshold that is most likely to pass the two tests of a fixed sequence, by tuning samples.
 *
 * power(t) = P(Bin(n+, f(t)) <= k+) P(Bin(n-, g(t)) <= k-), where f(t) is the share of the tuning
 * positives below t and g(t) that of the negatives at or above it. Each score is spread by a
 * kernel of Silverman's width, so that f is above 0 below the lowest positive as well. k+ and k-
 * are the largest counts of errors among n+ and n- calibration samples that pass. The threshold is
 * a guess and its chance an estimate: the promise of a certificate rests on neither.
 * {@link neymanPearsonThreshold} is the sibling that needs no tuning samples.
 *
 * @param labels Class index of each tuning sample. Training and choices may have seen them; none
 *   of them may be a calibration sample.
 * @param scores Score of the positive class, in the order of the labels; infinite ones are allowed.
 * @param options The positive class, the promise, and the numbers of calibration samples.
 * @returns The threshold, and the estimated chance that it passes: 0 where no counts can.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If a score is NaN, a label is no class index, a side is empty, a rate or
 *   `confidence` is outside (0, 1), or a number of samples is no whole number above 0.
 * @see Silverman: Density Estimation for Statistics and Data Analysis. 1986, equation 3.31.
 *
 * @example
 * ```ts
 * import { likeliestThreshold } from 'tfjs-prune/certify'
 *
 * const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
 * const scores = Float64Array.from(labels, (label, i) => 1000 * label + i)
 * const promise = { maximumFalseNegativeRate: 0.05, maximumFalsePositiveRate: 0.1, confidence: 0.95 }
 * const tuned = likeliestThreshold(labels, scores, { positiveClass: 1, ...promise, positives: 59, negatives: 100 })
 * if (!(tuned.threshold < 1001 && tuned.chance > 0.9)) throw new Error('below all positives')
 * ```
 */
export function likeliestThreshold(
  labels: NumberArray,
  scores: NumberArray,
  options: LikeliestThresholdOptions,
): { readonly threshold: number; readonly chance: number } {
  checkOptions(options, { task, checks })
  const { positiveClass, positives, negatives } = options
  const sides = sortedSides(labels, scores, { task, positiveClass })
  const [found, others] = finiteSides(sides)
  if (found.length === 0 || others.length === 0) {
    const empty =
      found.length === 0 ? `class ${positiveClass}` : `classes other than ${positiveClass}`
    throw new RangeError(`Cannot ${task}: expected tuning samples of ${empty}, got none`)
  }
  const most = mostErrors({ positives, negatives, levels: 1, method: 'fixed-sequence' }, options)
  const [missed, rejected] = [smoothedScores(found), smoothedScores(others)]
  const chanceAt = (threshold: number) =>
    binomialCdf(most.mostFalseNegatives, positives, missed.below(threshold)) *
    binomialCdf(most.mostFalsePositives, negatives, 1 - rejected.below(threshold))
  const scale = 4 * Math.max(missed.width, rejected.width)
  return highestPoint(chanceAt, knotsOf([found, others], scale))
}

/** Beyond it squares of scores are infinite. */
const LARGEST = 1e150

/** Scores far out or infinite lie as far outside of the others as those lie apart. */
function finiteSides({ positives, negatives }: SortedSides): [Float64Array, Float64Array] {
  const isNear = (score: number) => Math.abs(score) <= LARGEST
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const score of [...positives.filter(isNear), ...negatives.filter(isNear)]) {
    low = Math.min(low, score)
    high = Math.max(high, score)
  }
  if (low > high) [low, high] = [0, 0]
  const range = high - low || 1
  const bounded = (score: number) =>
    isNear(score) ? score : score > 0 ? high + range : low - range
  return [positives.map(bounded), negatives.map(bounded)]
}

const KNOTS = 48

/** Thresholds to begin with: some of the scores, in order, and one beyond each end. */
function knotsOf(sides: readonly Float64Array[], beyond: number): number[] {
  const scores = Float64Array.from(sides.flatMap((side) => [...side])).sort()
  const step = Math.max(1, scores.length / KNOTS)
  const knots = new Set([scores[0]! - beyond])
  for (let i = 0; i < scores.length; i += step) knots.add(scores[Math.floor(i)]!)
  return [...knots.add(scores.at(-1)! + beyond)]
}

/** The point of the largest chance, in the middle where neighbours have the same one. */
function highestPoint(
  chanceAt: (threshold: number) => number,
  knots: readonly number[],
): { threshold: number; chance: number } {
  let points = knots
  let best = bestOf(points, chanceAt)
  for (let pass = 0; pass < 2; pass++) {
    const [low, high] = [
      points[Math.max(best.first - 1, 0)]!,
      points[best.last + 1] ?? points.at(-1)!,
    ]
    points = Array.from({ length: 17 }, (_, i) => low + ((high - low) * i) / 16)
    best = bestOf(points, chanceAt)
  }
  return { threshold: points[Math.floor((best.first + best.last) / 2)]!, chance: best.chance }
}

/** The run of points with the largest chance. */
function bestOf(points: readonly number[], chanceAt: (threshold: number) => number) {
  const chances = points.map(chanceAt)
  const chance = Math.max(...chances)
  const first = chances.indexOf(chance)
  const end = chances.findIndex((other, i) => i > first && other < chance)
  return { chance, first, last: end < 0 ? points.length - 1 : end - 1 }
}
