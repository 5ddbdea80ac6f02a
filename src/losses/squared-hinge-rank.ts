import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, oneOf } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { followOutput } from './follow-output.js'
import { hingeRankOf } from './hinge-rank-of.js'
import type { RankWeight } from './rank-weight.js'
import { checkLambda } from './rank-weights.js'

/** Options of {@link squaredHingeRank}. */
export interface SquaredHingeRankOptions {
  /**
   * Weight of the loss: one number; or a list with, for each class, a number or one number for its
   * samples and one for all other samples. Finite, at least 0. With two classes the two ranking
   * problems mirror each other, so that a list of numbers acts through its mean; to favour class 1
   * there, weigh the sides: `[{ positives: 1, negatives: 5 }, { positives: 5, negatives: 1 }]`.
   *
   * @default 1
   */
  readonly lambda?: RankWeight
  /**
   * Class that must not be missed.
   *
   * @default 1
   */
  readonly positiveClass?: number
  /**
   * Unit of the margin: 1, or the standard deviation of the scores in the batch. Scores that
   * deviate by no more than 0.001 count as equal: the unit is then 1.
   *
   * @default 'one'
   */
  readonly tau?: 'one' | 'deviation'
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   * Logits are better: a probability near 0 or 1 has lost digits of its score, and beyond 1e-7 all
   * of it.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

const task = 'make squaredHingeRank'
const checks: OptionChecks<SquaredHingeRankOptions> = {
  lambda: checkLambda,
  positiveClass: checkIndex,
  tau: oneOf('one', 'deviation'),
  output: checkOutput,
}

/**
 * Squared hinge ranking loss, centred: drives the area under the ROC curve up.
 *
 * L = (1/M) sum_c lambda_c (1/n) sum_o [1 - y_oc (s_oc - mean(s_c) - b_c) / tau]_+^2, y in {-1, 1}.
 *
 * s_c are the log-odds of class c against the rest, z_c - log sum_{k != c} exp(z_k); with two
 * classes that is z_pos - z_neg, or the one output. The boundary b_c lies midway between the
 * n-_c-th and the (n-_c + 1)-th smallest centred score, where a perfect ranking changes sides. b_c
 * and tau are constants to the gradient, the mean is not: the gradient sums to zero over the batch,
 * so that the loss orders the samples and never shifts them all to one side.
 *
 * A class that has no sample in the batch, or all of them, leaves nothing to rank: its term and
 * gradient are 0. Labels above 1/2 are positive.
 *
 * @param options Weights, margin, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, or a list of weights that is not as long as the classes are many, and a RangeError if
 *   the model has no positive class.
 * @throws {TypeError} If a part of `lambda` or `positiveClass` is not a number.
 * @throws {RangeError} If a part of `lambda` is not finite and at least 0, or another option is out
 *   of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { squaredHingeRank } from 'tfjs-prune/losses'
 *
 * const loss = squaredHingeRank({ lambda: 5 })
 * const labels = tensor1d([1, 1, 0, 0])
 * const [ordered = 1] = loss(labels, tensor1d([9, 8, 2, 1])).dataSync()
 * const [equal = 0] = loss(labels, tensor1d([3, 3, 3, 3])).dataSync()
 * if (ordered !== 0 || equal !== 5) throw new Error('unexpected loss')
 * ```
 * @see Entezari, Saukh: Class-dependent compression of deep neural networks. SenSys-ML 2020,
 *   arXiv:1909.10364. Its equation has labels 0 and 1, within-class ranks and a leading minus, and
 *   no gradient; this is the score form.
 */
export function squaredHingeRank(options: SquaredHingeRankOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const { lambda = 1, positiveClass = 1, tau = 'one', output = 'auto' } = options
  const settings = { lambda: structuredClone(lambda) as RankWeight, positiveClass, tau, output }
  return followOutput(hingeRankOf(settings), {
    settings,
    remake: (kind) => squaredHingeRank({ ...settings, output: kind }),
  })
}
