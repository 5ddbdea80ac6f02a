import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkFlag, checkIndex } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { checkClassWeights } from './class-checks.js'
import { crossentropyOf } from './crossentropy-of.js'
import { favouredBy } from './favoured-by.js'
import { followOutput } from './follow-output.js'

/** Options of {@link weightedCrossentropy}. */
export interface WeightedCrossentropyOptions {
  /**
   * One number: the weight of the positive class against 1 of every other. A list: one weight per
   * class. Finite, above 0.
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

const task = 'make weightedCrossentropy'
const checks: OptionChecks<WeightedCrossentropyOptions> = {
  weights: checkClassWeights,
  positiveClass: checkIndex,
  output: checkOutput,
  normalise: checkFlag,
}

/**
 * Cross-entropy with a weight per class.
 *
 * L = -(1/n) sum_o sum_c gamma_c y_oc log p_oc: the mean over the n samples of the batch, not over
 * their weights.
 *
 * With `output: 'logits'`, p is the softmax of the scores, or the sigmoid of the one score, and the
 * loss is exact for scores of any size. With `'probabilities'`, p is clipped to [1e-7, 1], as tfjs
 * does, and stays finite.
 *
 * @param options Class weights and the model's output.
 * @returns A loss of `yTrue` (one-hot `[n, classes]`, or class indices `[n]` or `[n, 1]`) and
 *   `yPred` (`[n, classes]`, or `[n]` or `[n, 1]`: the score of class 1). An index that is no class
 *   counts as no sample of any class. The caller disposes the scalar that the loss returns. A call
 *   throws a TypeError for shapes that do not fit, or a list of weights that is not as long as the
 *   classes are many, and a RangeError if the model has no positive class.
 * @throws {TypeError} If a weight or `positiveClass` is not a number.
 * @throws {RangeError} If a weight is not finite and above 0, or another option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
 * import { weightedCrossentropy } from 'tfjs-prune'
 *
 * const loss = weightedCrossentropy({ weights: 3 })
 * const [value = 0] = loss(tensor1d([1, 0]), tensor2d([[0], [0]])).dataSync()
 * // The weights are 1.5 and 0.5; each sample costs ln 2 times its own.
 * if (Math.abs(value - Math.LN2) > 1e-6) throw new Error('unexpected loss')
 * ```
 * @see Entezari, Saukh: Class-dependent compression of deep neural networks. SenSys-ML 2020,
 *   arXiv:1909.10364.
 */
export function weightedCrossentropy(options: WeightedCrossentropyOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const { weights = 1, positiveClass = 1, output = 'auto', normalise = true } = options
  const settings = {
    weights: typeof weights === 'number' ? weights : [...weights],
    positiveClass,
    output,
    normalise,
  }
  return followOutput(crossentropyOf(settings), {
    settings,
    favours: favouredBy(weights, positiveClass),
    remake: (kind) => weightedCrossentropy({ ...settings, output: kind }),
  })
}
