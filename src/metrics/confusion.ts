import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import {
  checkClasses,
  checkClassIndex,
  checkSamples,
  checkScores,
} from '../internal/metric-checks.js'
import { numberThat, required } from '../internal/option-checks.js'
import type { Confusion, NumberArray } from '../types.js'

/** Options of {@link confusion}. */
export interface ConfusionOptions {
  /** Class that counts as positive; all others are negative. */
  readonly positiveClass: number
  /** Samples with this score or a higher one are predicted positive. May be infinite. */
  readonly threshold: number
}

const checks: OptionChecks<ConfusionOptions> = {
  positiveClass: required(checkClassIndex),
  threshold: required(numberThat('a number', (threshold) => !Number.isNaN(threshold))),
}

/**
 * Counts right and wrong decisions at a threshold of the score.
 *
 * A sample is predicted positive if and only if score >= threshold. {@link confusionOfClasses} is
 * its sibling for decisions by the highest score.
 *
 * @param labels Class index of each sample.
 * @param scores Score of the positive class, of any range, in the order of the labels.
 * @param options The positive class and the threshold, in the unit of the scores.
 * @returns The four counts; they sum to the number of samples.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a score or the threshold is NaN, or a label or
 *   `positiveClass` is no class index.
 * @example
 * ```ts
 * import { confusion } from 'tfjs-prune/metrics'
 *
 * const counts = confusion([1, 1, 0, 0, 0], [2, -1, 0, -3, -2], { positiveClass: 1, threshold: 0 })
 * if (counts.truePositives !== 1 || counts.falseNegatives !== 1) throw new Error('unexpected counts of positives')
 * if (counts.falsePositives !== 1 || counts.trueNegatives !== 2) throw new Error('unexpected counts of negatives')
 * ```
 */
export function confusion(
  labels: NumberArray,
  scores: NumberArray,
  options: ConfusionOptions,
): Confusion {
  const task = 'compute confusion'
  checkOptions(options, { task, checks })
  const { positiveClass, threshold } = options
  checkSamples(labels, scores, { task, name: 'scores', positiveClass })
  checkScores(scores, task)
  return countDecisions(labels, positiveClass, (i) => scores[i]! >= threshold)
}

/**
 * Counts right and wrong decisions of a classifier that names a class for each sample.
 *
 * A sample is predicted positive if and only if its predicted class is `positiveClass`: a negative
 * that is taken for another negative class counts as a true negative. {@link confusion} is its
 * sibling for a threshold.
 *
 * @param labels Class index of each sample.
 * @param predicted Predicted class index of each sample, such as the argmax of its scores.
 * @param options The positive class.
 * @returns The four counts; they sum to the number of samples.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, or a label, a prediction or `positiveClass` is no
 *   class index.
 * @example
 * ```ts
 * import { confusionOfClasses } from 'tfjs-prune/metrics'
 *
 * const counts = confusionOfClasses([2, 2, 0, 1], [2, 0, 1, 2], { positiveClass: 2 })
 * if (counts.truePositives !== 1 || counts.falseNegatives !== 1) throw new Error('unexpected counts of positives')
 * if (counts.falsePositives !== 1 || counts.trueNegatives !== 1) throw new Error('unexpected counts of negatives')
 * ```
 */
export function confusionOfClasses(
  labels: NumberArray,
  predicted: NumberArray,
  options: Pick<ConfusionOptions, 'positiveClass'>,
): Confusion {
  const task = 'compute confusionOfClasses'
  checkOptions(options, { task, checks: { positiveClass: checks.positiveClass } })
  const { positiveClass } = options
  checkSamples(labels, predicted, { task, name: 'predicted classes', positiveClass })
  checkClasses(predicted, `Cannot ${task}: expected prediction`)
  return countDecisions(labels, positiveClass, (i) => predicted[i] === positiveClass)
}

/** Counts decisions on labels that are known to be class indices. */
export function countDecisions(
  labels: NumberArray,
  positiveClass: number,
  isPredicted: (i: number) => boolean,
): Confusion {
  let [truePositives, falseNegatives, falsePositives, trueNegatives] = [0, 0, 0, 0]
  for (let i = 0; i < labels.length; i++) {
    const predicted = isPredicted(i)
    if (labels[i] === positiveClass) predicted ? truePositives++ : falseNegatives++
    else predicted ? falsePositives++ : trueNegatives++
  }
  return { truePositives, falseNegatives, falsePositives, trueNegatives }
}
