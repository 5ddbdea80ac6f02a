import { mostCount } from '../../metrics/counts-of-share.js'
import type { NumberArray } from '../../types.js'
import { neymanPearsonOrder } from '../neyman-pearson-threshold.js'
import type { PromisedRate } from '../rates/rate-certificate.js'
import { errorOf } from '../risks.js'
import { aimedMisses } from './aimed-misses.js'
import { heaviestClass } from './decide-class.js'
import { type ClassBudget, leastWeights } from './least-weights.js'

/** Labels of samples and the probabilities of all classes beside them. */
export interface ClassScores {
  /** Class index of each sample. */
  readonly labels: NumberArray
  /** Probabilities row by row: one row a sample, one column a class. */
  readonly probabilities: NumberArray
}

/** A limited class on the tuning samples. */
export interface TunedClass {
  readonly class: number
  readonly samples: number
  /** Samples of the class that the weights give to another. */
  readonly misses: number
}

/** Class weights chosen on tuning samples. */
export interface TunedWeights {
  /** One weight a class, at least 1; 1 for classes without a limit. */
  readonly weights: readonly number[]
  /** Whether some weights keep all limits on the tuning samples. */
  readonly feasible: boolean
  /** The limited classes at these weights; not feasible: at the best attainable ones. */
  readonly tuned: readonly TunedClass[]
}

interface Wanted {
  readonly promises: readonly PromisedRate[]
  readonly classes: number
  readonly confidence: number
  readonly passProbability: number
}

/** Halvings of the search for budgets that can be kept. */
const STEPS = 12

/**
 * The least weights that keep the limits on tuning samples with so much room that the tests on the
 * calibration samples are likely to pass; with less room where that much is not to be had; and the
 * best attainable where the limits themselves are not.
 */
export function tuneWeights(
  scores: ClassScores,
  { promises, classes, confidence, passProbability }: Wanted,
): TunedWeights {
  const rows = promises.map((promise) => rowsOf(scores, { class: promise.class!, classes }))
  const counts = rows.map(({ length }) => length / classes)
  const limits = promises.map(({ maximumRate }, i) => mostCount(maximumRate, counts[i]!))
  const aims = promises.map(({ maximumRate: alpha, samples }, i) => {
    const allowed = neymanPearsonOrder(samples, { alpha, delta: errorOf(confidence) }) - 1
    const misses = aimedMisses({
      tuning: counts[i]!,
      calibration: samples,
      allowed,
      passProbability,
    })
    return Math.min(misses, limits[i]!)
  })
  const solve = (misses: readonly number[]) => {
    const budgets = promises.map((promise, i): ClassBudget => {
      return { class: promise.class!, rows: rows[i]!, misses: misses[i]! }
    })
    return leastWeights(budgets, classes)
  }
  const atLimits = solve(limits)
  const weights = atLimits
    ? (solve(aims) ?? nearest(aims, { feasible: limits, solve }))
    : nearest(limits, { feasible: counts, solve })
  const tuned = promises.map((promise, i) => {
    const own = { class: promise.class!, samples: counts[i]! }
    return { ...own, misses: missesOf(rows[i]!, own.class, weights) }
  })
  return { weights, feasible: atLimits !== undefined, tuned }
}

/** The weights of the feasible budgets nearest to those wanted, on the line between the two. */
function nearest(
  wanted: readonly number[],
  {
    feasible,
    solve,
  }: {
    readonly feasible: readonly number[]
    readonly solve: (misses: readonly number[]) => readonly number[] | undefined
  },
): readonly number[] {
  let [far, near] = [0, 1] // shares of the way from wanted to feasible
  let best = solve(feasible)!
  for (let step = 0; step < STEPS; step++) {
    const middle = (far + near) / 2
    const misses = wanted.map((from, i) => Math.floor(from + middle * (feasible[i]! - from)))
    const found = solve(misses)
    if (found) [best, near] = [found, middle]
    else far = middle
  }
  return best
}

/** Samples of a class, given by their rows, that the weights give to another. */
export function missesOf(rows: NumberArray, own: number, weights: readonly number[]): number {
  let misses = 0
  for (let begin = 0; begin < rows.length; begin += weights.length)
    if (heaviestClass(rows, begin, weights) !== own) misses++
  return misses
}

/** The rows of one class. */
export function rowsOf(
  { labels, probabilities }: ClassScores,
  { class: own, classes }: { readonly class: number; readonly classes: number },
): Float64Array {
  const places = Array.from(labels).flatMap((label, i) => (label === own ? [i] : []))
  const rows = new Float64Array(places.length * classes)
  places.forEach((place, i) => {
    for (let k = 0; k < classes; k++) rows[i * classes + k] = probabilities[place * classes + k]!
  })
  return rows
}
