import { checkOptions } from '../internal/check-options.js'
import type { NumberArray } from '../types.js'
import { positiveClassChecks } from './positive-class-checks.js'
import { checkPredictions } from './predictions.js'

/** Options of {@link lostPositives}. */
export interface LostPositivesOptions {
  /** Class that must not be missed. */
  readonly positiveClass: number
}

/** Which positives {@link lostPositives} finds changed. */
export interface LostPositives {
  /** Indices of the positives that the dense model finds and the pruned one misses, ascending. */
  readonly lost: Int32Array
  /** Indices of the positives that the dense model misses and the pruned one finds, ascending. */
  readonly regained: Int32Array
  /** Indices of the positives that both miss, ascending. */
  readonly missedByBoth: Int32Array
  /** Number of positives. */
  readonly positives: number
}

const task = 'compute lostPositives'

/**
 * Which positives compression loses: those that the dense model finds and the pruned one misses.
 *
 * FN(pruned) - FN(dense) = lost - regained: an unchanged number of misses can hide many lost
 * samples. The arrays are those of an `Evaluation`:
 * `lostPositives(dense.labels, dense.predictions, pruned.predictions, { positiveClass })`.
 *
 * @param labels Class index of each sample.
 * @param dense Class that the dense model predicts for each sample.
 * @param pruned Class that the pruned model predicts for each sample.
 * @param options The positive class.
 * @returns Indices into the samples.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, or a label, a prediction or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { lostPositives } from 'tfjs-prune/metrics'
 *
 * const { lost, regained } = lostPositives([1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], { positiveClass: 1 })
 * if (lost.join() !== '2' || regained.join() !== '1') throw new Error('sample 2 is lost, sample 1 regained')
 * ```
 */
export function lostPositives(
  labels: NumberArray,
  dense: NumberArray,
  pruned: NumberArray,
  options: LostPositivesOptions,
): LostPositives {
  checkOptions(options, { task, checks: positiveClassChecks })
  const { positiveClass } = options
  checkPredictions(labels, { dense, pruned }, { task, positiveClass })
  const [lost, regained, missedByBoth]: [number[], number[], number[]] = [[], [], []]
  let positives = 0
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== positiveClass) continue
    positives++
    const [found, foundStill] = [dense[i] === positiveClass, pruned[i] === positiveClass]
    if (found && !foundStill) lost.push(i)
    if (!found && foundStill) regained.push(i)
    if (!found && !foundStill) missedByBoth.push(i)
  }
  return {
    lost: Int32Array.from(lost),
    regained: Int32Array.from(regained),
    missedByBoth: Int32Array.from(missedByBoth),
    positives,
  }
}
