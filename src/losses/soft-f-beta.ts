import {
  add,
  div,
  mean,
  minimum,
  mul,
  type Scalar,
  sigmoid,
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

/** Options of {@link softFBeta}. */
export interface SoftFBetaOptions {
  /**
   * How many times as much recall counts as precision: 1 alike, 2 recall more. Finite, above 0.
   *
   * @default 2
   */
  readonly beta?: number
  /**
   * Class whose samples are the positives. With more than two classes, each has its turn.
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

const task = 'make softFBeta'
const checks: OptionChecks<SoftFBetaOptions> = {
  beta: checkPositive,
  positiveClass: checkIndex,
  output: checkOutput,
}

/**
 * One minus a smooth F_beta: trains recall and precision of the positive class, and no credit for
 * true negatives.
 *
 * L = 1 - (1 + beta^2) TP / (beta^2 n+ + sum_o p_o), TP = sum of p over the positives.
 *
 * p is the model's probability of the class: a sample counts as a true positive, and as predicted
 * positive, to the extent of p. In [0, 1]. Where all p are 0 or 1 it is exactly 1 - F_beta. More
 * than two classes: the sum over those in the batch, each against the rest, over the number of all
 * classes.
 *
 * A batch without positives has no F_beta: its loss and gradient are 0, and its false alarms go
 * unpunished. So take large batches, or batches drawn per class; and because F_beta is no mean over
 * samples, the mean over batches is not that of the whole set. The gradient fades where p is near 0
 * or 1, right or wrong: begin with cross-entropy, or add it by `sumOf`. Labels above 1/2 are
 * positive.
 *
 * @param options beta, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, and a RangeError if the model has no positive class.
 * @throws {TypeError} If an option is unknown, or `beta` or `positiveClass` is not a number.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { softFBeta } from 'tfjs-prune/losses'
 *
 * const loss = softFBeta({ beta: 2 })
 * const labels = tensor1d([1, 1, 0, 0])
 * const [miss = 0] = loss(labels, tensor1d([99, -99, -99, -99])).dataSync() // F_2 = 5 / 9
 * const [falseAlarm = 0] = loss(labels, tensor1d([99, 99, 99, -99])).dataSync() // F_2 = 10 / 11
 * if (Math.abs(miss - 4 / 9) + Math.abs(falseAlarm - 1 / 11) > 1e-6) throw new Error('unexpected loss')
 * ```
 * @see Pastor-Pellicer, Zamora-Martínez, España-Boquera, Castro-Bleda: F-measure as the error
 *   function to train neural networks. IWANN 2013. And Bénédict, Koops, Odijk, de Rijke: sigmoidF1:
 *   a smooth F1 score surrogate loss for multilabel classification. TMLR 2022, arXiv:2108.10566,
 *   whose sigmoid has a slope and an offset of its own.
 */
export function softFBeta(options: SoftFBetaOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const { beta = 2, positiveClass = 1, output = 'auto' } = options
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'softFBeta', positiveClass })
    return tidy(() => {
      const p = sigmoid(scoreRows(yPred, batch, output))
      const positives = positiveRows(yTrue, batch)
      const count = sum(positives, 1)
      const present = minimum(count, 1)
      const total = add(add(mul(beta ** 2, count), sum(p, 1)), sub(1, present)) // never 0
      const score = div(mul(1 + beta ** 2, sum(mul(positives, p), 1)), total)
      return mean<Scalar>(mul(present, sub(1, score)))
    })
  }
  const settings = { beta, positiveClass, output }
  return followOutput(loss, {
    settings,
    favours: positiveClass,
    remake: (kind) => softFBeta({ ...settings, output: kind }),
  })
}
