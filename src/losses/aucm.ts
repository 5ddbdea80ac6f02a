import {
  add,
  div,
  maximum,
  mean,
  minimum,
  mul,
  relu,
  type Scalar,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, checkPositive } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { followOutput } from './follow-output.js'
import { checkBatch, positiveRows } from './labels.js'
import { scoreRows } from './loss-logits.js'

/** Options of {@link aucm}. */
export interface AucmOptions {
  /**
   * Margin m by which the mean probability of the positives should exceed that of the negatives.
   * Beyond 1 it cannot be met, and goes on pulling. Finite, above 0.
   *
   * @default 1
   */
  readonly margin?: number
  /**
   * Class whose samples are the positives. With two classes either gives the same loss; with more,
   * each has its turn.
   *
   * @default 1
   */
  readonly positiveClass?: number
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

const task = 'make aucm'
const checks: OptionChecks<AucmOptions> = {
  margin: checkPositive,
  positiveClass: checkIndex,
  output: checkOutput,
}

/**
 * AUC margin loss: pulls the means of positives and negatives apart and each side together.
 *
 * L = var+(p) + var-(p) + [m + mean-(p) - mean+(p)]_+^2, population variances and means over the
 * two sides of the batch.
 *
 * p is the model's probability of the class, as in the paper: the variances of log-odds have no
 * bound, and would drown the margin. More than two classes: the mean over the classes, each against
 * the rest. A class that has no sample in the batch, or all of them, leaves nothing to compare: its
 * term and gradient are 0. Labels above 1/2 are positive.
 *
 * The paper has auxiliary variables a, b and alpha >= 0 and a min-max problem, whose solution over
 * a batch is this closed form. Where the means are less than m apart, which m >= 1 makes sure of,
 * it is the mean over all pairs of a positive i and a negative j of (m - (p_i - p_j))^2, in O(n);
 * {@link aucPairwise} works on log-odds and forgives pairs that are more than m apart. The gradient
 * over p sums to zero: the loss does not know where 0.5 is. It fades where p is near 0 or 1: the
 * paper begins from a network trained with cross-entropy.
 *
 * @param options Margin, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, and a RangeError if the model has no positive class.
 * @throws {TypeError} If an option is unknown, or `margin` or `positiveClass` is not a number.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { aucm } from 'tfjs-prune/losses'
 *
 * const loss = aucm()
 * const labels = tensor1d([1, 1, 0])
 * const [equal = 0] = loss(labels, tensor1d([3, 3, 3])).dataSync()
 * const [half = 0] = loss(labels, tensor1d([99, -99, -99])).dataSync() // p = 1, 0, 0: 1/4 + 0 + (1/2)^2
 * if (equal !== 1 || Math.abs(half - 0.5) > 1e-6) throw new Error('unexpected loss')
 * ```
 * @see Yuan, Yan, Sonka, Yang: Large-scale robust deep AUC maximization: a new surrogate loss and
 *   empirical studies on medical image classification. ICCV 2021, arXiv:2012.03173.
 */
export function aucm(options: AucmOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const { margin = 1, positiveClass = 1, output = 'auto' } = options
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'aucm', positiveClass })
    return tidy(() => {
      const p = sigmoid(scoreRows(yPred, batch, output))
      const positives = positiveRows(yTrue, batch)
      const own = momentsOf(p, positives)
      const rest = momentsOf(p, sub(1, positives))
      const hinge = relu(sub(margin, sub(own.mean, rest.mean)))
      const perClass = add(add(own.variance, rest.variance), square(hinge))
      return mean<Scalar>(mul(mul(own.present, rest.present), perClass))
    })
  }
  const settings = { margin, positiveClass, output }
  return followOutput(loss, {
    settings,
    remake: (kind) => aucm({ ...settings, output: kind }),
  })
}

/**
 * Mean and population variance of each row over the samples where `side` is 1, and 1 if there are
 * any: `[rows, 1]`.
 */
function momentsOf(p: Tensor, side: Tensor) {
  const count = sum(side, 1, true)
  const shares = div(side, maximum(count, 1))
  const average = sum(mul(shares, p), 1, true)
  const variance = sum(mul(shares, square(sub(p, average))), 1, true)
  return { mean: average, variance, present: minimum(count, 1) }
}
