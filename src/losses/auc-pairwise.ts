import { checkOptions } from '../internal/check-options.js'
import { pairwiseChecks, pairwiseLoss } from './pairwise-loss.js'
import type { AucPairwiseOptions, PairwiseLoss } from './pairwise-options.js'

/**
 * Squared hinge over all pairs of a positive and a negative: the default for raising the area under
 * the ROC curve.
 *
 * L = 1/(W+ W-) sum_{i in P, j in N} w_i w_j [m - (s_i - s_j)]_+^2, W the sum of the weights w of a
 * side.
 *
 * s are the log-odds of the class against the rest; with two classes that is z_pos - z_neg, or the
 * one output. With w = 1, m^2 (1 - AUC) <= L. More than two classes: the mean of weights_c L_c,
 * each class against the rest. The gradient sums to zero over each ranking problem's scores: the
 * loss orders the samples and never shifts them all to one side. Unlike {@link squaredHingeRank} it
 * compares samples with each other and needs no boundary; unlike {@link highRecallPairwise} all
 * positives count.
 *
 * A class that has no sample in the batch, or all of them, leaves nothing to rank: its term and
 * gradient are 0. Labels above 1/2 are positive. A score that is not finite makes the loss NaN.
 *
 * @param options Margin, class weights, the model's output, and how to compute.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes,
 *   and of `sampleWeights` where an own loop has some: `loss(yTrue, yPred, sampleWeights)`. The
 *   caller disposes the scalar that it returns. A call throws a TypeError for shapes that do not
 *   fit, or a list of weights that is not as long as the classes are many, and a RangeError if the
 *   model has no positive class.
 * @throws {TypeError} If `margin`, a weight or `positiveClass` is not a number.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { aucPairwise } from 'tfjs-prune/losses'
 *
 * const loss = aucPairwise({ margin: 1 })
 * const labels = tensor1d([1, 1, 0])
 * const scores = tensor1d([2, 0, 0.5]) // the pairs' hinges are 0 and 1.5
 * const [value = 0] = loss(labels, scores).dataSync()
 * const [weighted = 0] = loss(labels, scores, tensor1d([3, 1, 1])).dataSync()
 * if (value !== 2.25 / 2 || weighted !== 2.25 / 4) throw new Error('unexpected loss')
 * ```
 * @see Gao, Zhou: On the consistency of AUC pairwise optimization. IJCAI 2015, arXiv:1208.0645.
 */
export function aucPairwise(options: AucPairwiseOptions = {}): PairwiseLoss {
  checkOptions(options, { task: 'make aucPairwise', checks: pairwiseChecks })
  return pairwiseLoss('aucPairwise', options)
}
