import { checkIndex } from '../internal/option-checks.js'
import type { Loss, LossSchedule } from '../types.js'
import type { FalseNegativeBudget } from './budget-options.js'
import { columnsOf, countLabels, type Lossy, onLabels } from './label-loss.js'

const task = 'make forLabel'

/**
 * A loss of one label of a head with several: each output is a sigmoid or a logit of its own, and
 * `yTrue` says of each label 0 or 1. All other labels count nothing; {@link perLabel} and `sumOf`
 * put labels together.
 *
 * L(y, z) = loss(column of y, column of z), both `[n, 1]`: class 1 are the samples with the label.
 *
 * @param loss Any loss of two classes, a schedule such as `paper.black()`, or both, such as
 *   `falseNegativeBudget`: that one learns from `evaluateOn(data, { label, positiveClass })`, and
 *   `fit` measures the training data so by itself.
 * @param label Column of the label, counted from 0.
 * @returns A loss of `yTrue` (`[n, labels]`, of 0 and 1, or in between for soft labels) and `yPred`
 *   (`[n, labels]`), or a schedule of such losses; what the given one can do, it can. The caller
 *   disposes the scalar that it returns. A call throws a TypeError for shapes that do not fit, and a
 *   RangeError for a label that the head has not.
 * @throws {TypeError} If `loss` is neither a loss nor a schedule, or `label` is no number.
 * @throws {RangeError} If `label` is no whole number of at least 0.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { weightedCrossentropy } from 'tfjs-prune'
 * import { forLabel } from 'tfjs-prune/losses'
 *
 * const loss = forLabel(weightedCrossentropy(), 1)
 * // Two samples with three labels each; the scores of label 1 are 0.
 * const labels = tensor2d([[1, 1, 0], [0, 0, 1]])
 * const [value = 0] = loss(labels, tensor2d([[9, 0, 9], [-9, 0, 9]])).dataSync()
 * if (Math.abs(value - Math.LN2) > 1e-6) throw new Error('label 1 alone counts')
 * ```
 */
export function forLabel(
  loss: FalseNegativeBudget,
  label: number,
): Loss & LossSchedule & Pick<FalseNegativeBudget, 'update'>
export function forLabel(loss: Loss, label: number): Loss
export function forLabel(loss: LossSchedule, label: number): LossSchedule
export function forLabel(loss: Lossy, label: number): Lossy {
  checkIndex(label, { task, name: 'label' })
  return onLabels(loss, {
    task,
    label,
    compute: (part, yTrue, yPred) => {
      const labels = countLabels(yTrue, yPred, 'forLabel')
      if (label >= labels)
        throw new RangeError(
          `Cannot compute forLabel: expected label to be below the ${labels} outputs, got ${label}`,
        )
      return part(columnsOf(yTrue, label, labels), columnsOf(yPred, label, labels))
    },
  })
}
