import { add, mul, type Scalar, scalar } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkNotNegative } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import type { Loss, LossSchedule } from '../types.js'
import { columnsOf, countLabels, type Lossy, onLabels } from './label-loss.js'

/** Options of {@link perLabel}. */
export interface PerLabelOptions {
  /** Weight of each label, finite and at least 0, not all of them 0. @default 1 for each */
  readonly labelWeights?: readonly number[]
}

const task = 'make perLabel'

const checkWeights: OptionCheck = (weights, { name }) => {
  if (!Array.isArray(weights)) {
    const got = describe(weights)
    throw optionError(new TypeError(`Cannot ${task}: expected a list as ${name}, got ${got}`))
  }
  for (const [index, weight] of weights.entries())
    checkNotNegative(weight, { task, name: `${name}[${index}]` })
  if (weights.some((weight) => weight > 0)) return
  throw optionError(new RangeError(`Cannot ${task}: expected ${name} above 0, got none`))
}

const checks: OptionChecks<PerLabelOptions> = { labelWeights: checkWeights }

/**
 * A loss of all labels of a head with several: each output is a sigmoid or a logit of its own, and
 * `yTrue` says of each label 0 or 1.
 *
 * L(y, z) = sum_l w_l loss(column l of y, column l of z) / sum_l w_l
 *
 * With `distillation` and the labels that `withTeacher` makes with `perLabel: true`, each label
 * learns from the teacher's sigmoid of that label.
 *
 * @param loss Any loss of two classes without an update step, or a schedule such as
 *   `paper.black()`. {@link forLabel} takes one with an update step.
 * @param options A weight for each label.
 * @returns A loss of `yTrue` (`[n, labels]`, of 0 and 1, or in between for soft labels) and `yPred`
 *   (`[n, labels]`), or a schedule of such losses. The caller disposes the scalar that it returns.
 *   A call throws a TypeError for shapes that do not fit, or another number of weights.
 * @throws {TypeError} If `loss` is neither a loss nor a schedule, or a weight is no number.
 * @throws {RangeError} If the loss has an update step, a weight is below 0, or none is above it.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { weightedCrossentropy } from 'tfjs-prune'
 * import { perLabel } from 'tfjs-prune/losses'
 *
 * const loss = perLabel(weightedCrossentropy(), { labelWeights: [3, 1] })
 * // Label 0 is as good as right, label 1 costs ln 2 in each sample.
 * const [value = 0] = loss(tensor2d([[1, 1], [0, 1]]), tensor2d([[99, 0], [-99, 0]])).dataSync()
 * if (Math.abs(value - Math.LN2 / 4) > 1e-6) throw new Error('label 1 has a quarter of the say')
 * ```
 */
export function perLabel(loss: Loss, options?: PerLabelOptions): Loss
export function perLabel(loss: LossSchedule, options?: PerLabelOptions): LossSchedule
export function perLabel(loss: Lossy, options: PerLabelOptions = {}): Lossy {
  checkOptions(options, { task, checks })
  const labelWeights = options.labelWeights && [...options.labelWeights]
  return onLabels(loss, {
    task,
    label: 'all',
    ...(labelWeights && { settings: { labelWeights } }),
    compute: (part, yTrue, yPred) => {
      const labels = countLabels(yTrue, yPred, 'perLabel')
      return sharesOf(labels, labelWeights).reduce((total: Scalar, share, label) => {
        if (share === 0) return total
        const own = part(columnsOf(yTrue, label, labels), columnsOf(yPred, label, labels))
        return add(total, mul(own, share)) as Scalar
      }, scalar(0))
    },
  })
}

/** Share of each label in the loss. */
function sharesOf(labels: number, weights: readonly number[] | undefined): readonly number[] {
  const all = weights ?? Array.from({ length: labels }, () => 1)
  if (all.length !== labels) {
    const wanted = `a weight for each of ${labels} labels`
    throw new TypeError(`Cannot compute perLabel: expected ${wanted}, got ${all.length}`)
  }
  const total = all.reduce((sum, weight) => sum + weight, 0)
  return all.map((weight) => weight / total)
}
