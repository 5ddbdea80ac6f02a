import { exp, mul, type Scalar, softplus, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkFlag, checkIndex, checkNotNegative } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { checkClassWeights } from './class-checks.js'
import { followOutput } from './follow-output.js'
import { checkBatch, oneHotLabels } from './labels.js'
import { classLogits, logOdds } from './loss-logits.js'
import { checkPerClass } from './per-class.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

/** Options of {@link focal}. */
export interface FocalOptions {
  /**
   * How fast a sample loses weight as the model gets surer of its class. 0: not at all, plain
   * cross-entropy. Finite, at least 0.
   *
   * @default 2
   */
  readonly focusing?: number
  /**
   * alpha, the class weights: one number is the weight of the positive class against 1 of every
   * other, a list is one weight per class. Finite, above 0.
   *
   * @default 1
   */
  readonly weights?: number | readonly number[]
  /**
   * Class that a single weight belongs to.
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
  /**
   * Scale the weights so that they sum to the number of classes, which keeps the step size.
   *
   * @default true
   */
  readonly normalise?: boolean
}

const task = 'make focal'
const checks: OptionChecks<FocalOptions> = {
  focusing: checkNotNegative,
  weights: checkClassWeights,
  positiveClass: checkIndex,
  output: checkOutput,
  normalise: checkFlag,
}

/**
 * Focal loss: cross-entropy that turns away from the samples which the model already knows, mostly
 * easy negatives.
 *
 * L = -(1/n) sum_o sum_c alpha_c y_oc (1 - p_oc)^focusing log p_oc, p the softmax or sigmoid.
 *
 * It treats all classes alike: which one is rare is said by the weights alone. The probabilities it
 * ends with are less sure than the data are: they order the samples, but are not the chances of a
 * class. Unlike {@link asymmetric} it has one exponent for positives and negatives.
 *
 * 1 - p is taken from the log-odds and its power as an exponential, so that the loss and its
 * gradient are exact for scores of any size and finite for any focusing. `focusing: 0` is
 * {@link weightedCrossentropy}, and its options mean the same here; the mean is over the samples,
 * not over their weights.
 *
 * @param options Focusing, class weights, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, or a list of weights that is not as long as the classes are many, and a RangeError if
 *   the model has no positive class.
 * @throws {TypeError} If an option is unknown, or `focusing`, a weight or `positiveClass` is not a
 *   number.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { focal } from 'tfjs-prune/losses'
 *
 * const loss = focal({ focusing: 2 })
 * const known = loss(tensor1d([1]), tensor1d([3])).dataSync()[0]! // p = 0.95
 * const missed = loss(tensor1d([1]), tensor1d([-3])).dataSync()[0]! // p = 0.05
 * // In cross-entropy, the missed sample costs 63 times as much.
 * if (missed / known < 20_000) throw new Error('unexpected loss')
 * ```
 * @see Lin, Goyal, Girshick, He, Dollár: Focal loss for dense object detection. ICCV 2017,
 *   arXiv:1708.02002.
 */
export function focal(options: FocalOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const {
    focusing = 2,
    weights: given = 1,
    positiveClass = 1,
    output = 'auto',
    normalise = true,
  } = options
  const weights = typeof given === 'number' ? given : [...given]
  const crossentropy = weightedCrossentropy({ weights, positiveClass, normalise })
  const settings = { focusing, weights, positiveClass, output, normalise }
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'focal', positiveClass })
    if (typeof weights !== 'number')
      checkPerClass(weights, { task: 'compute focal', item: 'weight', ...batch })
    return tidy(() => {
      const logits = classLogits(yPred, batch, output)
      const focus = exp(mul(-focusing, softplus(logOdds(logits)))) // (1 - p)^focusing
      return crossentropy(mul(oneHotLabels(yTrue, batch), focus), logits)
    })
  }
  return followOutput(loss, {
    settings,
    favours: crossentropy.favours,
    remake: (kind) => focal({ ...settings, output: kind }),
  })
}
