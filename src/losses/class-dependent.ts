import { add, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, oneOf } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { checkClassWeights } from './class-checks.js'
import { crossentropyOf } from './crossentropy-of.js'
import { favouredBy } from './favoured-by.js'
import { followOutput } from './follow-output.js'
import { hingeRankOf } from './hinge-rank-of.js'
import type { RankWeight } from './rank-weight.js'
import { checkLambda } from './rank-weights.js'
import type { SquaredHingeRankOptions, squaredHingeRank } from './squared-hinge-rank.js'
import type { weightedCrossentropy } from './weighted-crossentropy.js'

/** Options of {@link classDependent}. */
export interface ClassDependentOptions {
  /**
   * Class weights of the cross-entropy, scaled to sum to the number of classes: one number is the
   * weight of the positive class against 1 of every other, a list is one weight per class. Finite,
   * above 0.
   *
   * @default 1
   */
  readonly gamma?: number | readonly number[]
  /**
   * Weight of the ranking loss, as in {@link SquaredHingeRankOptions.lambda}; 0 leaves that loss
   * out.
   *
   * @default 0
   */
  readonly lambda?: RankWeight
  /**
   * Class that must not be missed.
   *
   * @default 1
   */
  readonly positiveClass?: number
  /**
   * Unit of the ranking margin, as in {@link SquaredHingeRankOptions.tau}.
   *
   * @default 'one'
   */
  readonly tau?: 'one' | 'deviation'
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

const task = 'make classDependent'
const checks: OptionChecks<ClassDependentOptions> = {
  gamma: checkClassWeights,
  lambda: checkLambda,
  positiveClass: checkIndex,
  tau: oneOf('one', 'deviation'),
  output: checkOutput,
}

/**
 * The class-dependent loss: weighted cross-entropy plus ranking loss.
 *
 * L = L_wCE(gamma) + L_SHR(lambda): {@link weightedCrossentropy} and {@link squaredHingeRank}.
 *
 * @param options Weights of the two parts, and the model's output. The defaults are plain
 *   cross-entropy.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, or a list of weights that is not as long as the classes are many, and a RangeError if
 *   the model has no positive class.
 * @throws {TypeError} If a part of `gamma` or `lambda`, or `positiveClass`, is not a number.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { classDependent } from 'tfjs-prune'
 *
 * const loss = classDependent({ gamma: 5, lambda: 5 })
 * const labels = tensor1d([1, 0])
 * const [good = 9] = loss(labels, tensor1d([4, -4])).dataSync()
 * const [bad = 0] = loss(labels, tensor1d([-4, 4])).dataSync()
 * if (good > 0.1 || bad < 100) throw new Error('unexpected loss')
 * ```
 * @see Entezari, Saukh: Class-dependent compression of deep neural networks. SenSys-ML 2020,
 *   arXiv:1909.10364.
 */
export function classDependent(options: ClassDependentOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const { gamma = 1, lambda = 0, positiveClass = 1, tau = 'one', output = 'auto' } = options
  const weights = typeof gamma === 'number' ? gamma : [...gamma]
  const ranked = { lambda: structuredClone(lambda) as RankWeight, positiveClass, tau, output }
  const crossentropy = crossentropyOf({ weights, positiveClass, output, normalise: true })
  const ranking = hingeRankOf(ranked)
  const both = (yTrue: Tensor, yPred: Tensor): Scalar =>
    tidy(() => add(crossentropy(yTrue, yPred), ranking(yTrue, yPred)))
  const settings = { gamma: weights, ...ranked }
  return followOutput(lambda === 0 ? crossentropy : both, {
    settings,
    favours: favouredBy(weights, positiveClass),
    remake: (kind) => classDependent({ ...settings, output: kind }),
  })
}
