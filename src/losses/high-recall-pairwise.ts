import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { numberThat, required } from '../internal/option-checks.js'
import { pairwiseChecks, pairwiseLoss } from './pairwise-loss.js'
import type { AucPairwiseOptions, PairwiseLoss } from './pairwise-options.js'

/** Options of {@link highRecallPairwise}. */
export interface HighRecallPairwiseOptions extends AucPairwiseOptions {
  /** Share q of the positives that count, the lowest scores first: above 0, at most 1. */
  readonly worst: number
}

const checks: OptionChecks<HighRecallPairwiseOptions> = {
  worst: required(numberThat('a number above 0 and at most 1', (share) => share > 0 && share <= 1)),
  ...pairwiseChecks,
}

/**
 * Squared hinge over the pairs of the lowest positives and all negatives: spends the model on the
 * positives that it is about to miss, at the end of the ROC curve where recall is high.
 *
 * L = 1/(W+ W-) sum_{i in P_q, j in N} w_i w_j [m - (s_i - s_j)]_+^2, P_q the ceil(q n+) positives
 * with the lowest scores in the batch, the first of equal ones; W+ is the sum of their weights.
 *
 * All else is as in {@link aucPairwise}, which q = 1 is equal to; the choice of P_q is a constant
 * to the gradient. With more than two classes, each has its own lowest positives. Positives of
 * weight 0 are not counted in n+. With w = 1 and m = 1 it bounds 1 - AUC of P_q against the
 * negatives. Small q and few positives in a batch make a noisy gradient of one or two samples.
 *
 * @param options The share, and the options of {@link aucPairwise}.
 * @returns A loss of `yTrue`, `yPred` and, in an own loop, `sampleWeights`, as {@link aucPairwise}
 *   gives. The caller disposes the scalar that it returns.
 * @throws {TypeError} If `worst`, `margin`, a weight or `positiveClass` is not a number.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { highRecallPairwise } from 'tfjs-prune/losses'
 *
 * const loss = highRecallPairwise({ worst: 0.5 })
 * const labels = tensor1d([1, 1, 0])
 * const [value = 0] = loss(labels, tensor1d([2, 0, 0.5])).dataSync()
 * // Only the positive at 0 counts; its hinge is 1.5.
 * if (value !== 2.25) throw new Error('unexpected loss')
 * ```
 * @see Narasimhan, Agarwal: A structural SVM based approach for optimizing partial AUC. ICML 2013.
 *   There it is the negatives that are cut down, for a range of false-positive rates; here it is
 *   the positives.
 */
export function highRecallPairwise(options: HighRecallPairwiseOptions): PairwiseLoss {
  checkOptions(options, { task: 'make highRecallPairwise', checks })
  return pairwiseLoss('highRecallPairwise', options, { worst: options.worst })
}
