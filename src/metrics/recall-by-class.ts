import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything } from '../internal/option-checks.js'
import { checkInside } from '../internal/rate-checks.js'
import type { Interval, NumberArray } from '../types.js'
import { clopperPearson } from './clopper-pearson.js'
import { mcnemar } from './mcnemar.js'
import { checkPredictions, countClasses } from './predictions.js'

/** Options of {@link recallByClass}. */
export interface RecallByClassOptions {
  /**
   * Probability that an interval holds the true value, between 0 and 1; of each interval, not of
   * all together.
   *
   * @default 0.95
   */
  readonly confidence?: number
  /**
   * Number of classes; labels and predictions are below it.
   *
   * @default one more than the highest label or prediction
   */
  readonly classes?: number
}

/** How often one model recognises a class. */
export interface RecallEstimate {
  /** Samples of the class that the model recognises. */
  readonly found: number
  /** found / samples; no samples: NaN. */
  readonly recall: number
  /** Clopper-Pearson interval of the recall. */
  readonly interval: Interval
}

/** One class under the dense and under the pruned model. */
export interface ClassRecall {
  /** Its index. */
  readonly class: number
  /** Number of its samples. */
  readonly samples: number
  readonly dense: RecallEstimate
  readonly pruned: RecallEstimate
  /** Recall of the pruned model minus that of the dense one. */
  readonly difference: number
  /** Interval of the difference: never too short, see {@link recallByClass}. */
  readonly differenceInterval: Interval
  /** Samples that the dense model recognises and the pruned one misses. */
  readonly lost: number
  /** Samples that the dense model misses and the pruned one recognises. */
  readonly regained: number
  /** Two-sided exact McNemar test of the difference; for many classes see `holm`. */
  readonly pValue: number
}

const task = 'compute recallByClass'
const checks: OptionChecks<RecallByClassOptions> = {
  confidence: checkInside,
  classes: anything,
}

/**
 * Recall of each class, of the pruned model against the dense one.
 *
 * difference = (regained - lost) / samples. Its interval runs from lower(regained) - upper(lost) to
 * upper(regained) - lower(lost), the Clopper-Pearson bounds of the two shares, each at confidence 1
 * - (1 - confidence) / 2: it holds the true difference at least as often as it says, for any number
 * of samples.
 *
 * @param labels Class index of each sample.
 * @param dense Class that the dense model predicts for each sample.
 * @param pruned Class that the pruned model predicts for each sample.
 * @param options Confidence and number of classes.
 * @returns One entry per class, at the class's index; a class without samples: NaN rates, bounds
 *   and p-value.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a label or prediction is no class index or not below
 *   `classes`, `classes` is not a whole number above 0, or `confidence` is not between 0 and 1.
 * @example
 * ```ts
 * import { recallByClass } from 'tfjs-prune/metrics'
 *
 * const [, rare] = recallByClass([0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 0])
 * if (rare?.dense.recall !== 1 || rare.pruned.recall !== 0.5) throw new Error('unexpected recall')
 * if (rare.lost !== 1 || rare.pValue !== 1) throw new Error('one lost sample proves nothing')
 * ```
 */
export function recallByClass(
  labels: NumberArray,
  dense: NumberArray,
  pruned: NumberArray,
  options: RecallByClassOptions = {},
): ClassRecall[] {
  checkOptions(options, { task, checks })
  const { confidence = 0.95, classes } = options
  checkPredictions(labels, { dense, pruned }, { task, classes })
  const counts = Array.from(
    { length: classes ?? countClasses(task, labels, dense, pruned) },
    () => {
      return { samples: 0, both: 0, lost: 0, regained: 0 }
    },
  )
  for (let i = 0; i < labels.length; i++) {
    const own = counts[labels[i]!]!
    const [byDense, byPruned] = [dense[i] === labels[i], pruned[i] === labels[i]]
    own.samples++
    if (byDense && byPruned) own.both++
    if (byDense && !byPruned) own.lost++
    if (!byDense && byPruned) own.regained++
  }
  return counts.map((own, index) => compare(own, index, confidence))
}

interface Counts {
  readonly samples: number
  readonly both: number
  readonly lost: number
  readonly regained: number
}

function compare(
  { samples, both, lost, regained }: Counts,
  index: number,
  confidence: number,
): ClassRecall {
  const estimate = (found: number): RecallEstimate => {
    return {
      found,
      recall: found / samples,
      interval: clopperPearson(found, samples, { confidence }),
    }
  }
  const half = { confidence: 1 - (1 - confidence) / 2 }
  const [gain, loss] = [
    clopperPearson(regained, samples, half),
    clopperPearson(lost, samples, half),
  ]
  return {
    class: index,
    samples,
    dense: estimate(both + lost),
    pruned: estimate(both + regained),
    difference: (regained - lost) / samples,
    differenceInterval: { lower: gain.lower - loss.upper, upper: gain.upper - loss.lower },
    lost,
    regained,
    pValue: samples === 0 ? Number.NaN : mcnemar(regained, lost),
  }
}
