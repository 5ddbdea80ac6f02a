import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { checkPredictions, countClasses } from './predictions.js'

/** Options of {@link collapsedClasses}. */
export interface CollapsedClassesOptions {
  /**
   * Number of classes; labels and predictions are below it.
   *
   * @default one more than the highest label or prediction
   */
  readonly classes?: number
}

/** A class of which no sample is recognised. */
export interface CollapsedClass {
  /** Its index. */
  readonly class: number
  /** Number of its samples, at least 1: recall 0 of a few samples may be bad luck. */
  readonly samples: number
  /** How often the model says this class, always wrongly; 0: it is never predicted. */
  readonly predicted: number
}

const task = 'compute collapsedClasses'
const checks: OptionChecks<CollapsedClassesOptions> = {
  classes: anything,
}

/**
 * Classes that a model no longer recognises: they have samples, and recall 0.
 *
 * Pruned networks lose whole classes first, and the accuracy over all classes hides it. A class
 * without samples cannot be judged and is not listed.
 *
 * @param labels Class index of each sample.
 * @param predictions Class that the model predicts for each sample.
 * @param options Number of classes.
 * @returns The collapsed classes by ascending index; an empty list if every class with samples is
 *   recognised once.
 * @throws {TypeError} If the lengths differ, or something is not a number.
 * @throws {RangeError} If there is no sample, a label or prediction is no class index or not below
 *   `classes`, or `classes` is not a whole number above 0.
 * @example
 * ```ts
 * import { collapsedClasses } from 'tfjs-prune/metrics'
 *
 * const [collapsed] = collapsedClasses([0, 0, 1, 2, 2], [0, 0, 1, 0, 1], { classes: 3 })
 * if (collapsed?.class !== 2 || collapsed.predicted !== 0) throw new Error('class 2 is never predicted')
 * ```
 */
export function collapsedClasses(
  labels: NumberArray,
  predictions: NumberArray,
  options: CollapsedClassesOptions = {},
): CollapsedClass[] {
  checkOptions(options, { task, checks })
  checkPredictions(labels, { model: predictions }, { task, classes: options.classes })
  const counts = Array.from(
    { length: options.classes ?? countClasses(task, labels, predictions) },
    (_, index) => {
      return { class: index, samples: 0, predicted: 0, right: 0 }
    },
  )
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]!]!.samples++
    counts[predictions[i]!]!.predicted++
    if (predictions[i] === labels[i]) counts[labels[i]!]!.right++
  }
  return counts
    .filter(({ samples, right }) => samples > 0 && right === 0)
    .map(({ right: _, ...collapsed }) => collapsed)
}
