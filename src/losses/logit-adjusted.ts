import { add, type Scalar, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { anything, checkNotNegative } from '../internal/option-checks.js'
import type { Loss, NumberArray } from '../types.js'
import { followOutput } from './follow-output.js'
import { checkBatch, oneHotLabels } from './labels.js'
import { classLogits } from './loss-logits.js'
import { checkPerClass, classPriors } from './per-class.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

/** Options of {@link logitAdjusted}: one of `counts` and `priors`. */
export interface LogitAdjustedOptions {
  /**
   * Training samples per class: whole numbers above 0, as many as the model has classes; 2 for one
   * output.
   */
  readonly counts?: NumberArray
  /**
   * Shares of the classes in the batches, in place of `counts`: finite, above 0; scaled to sum to
   * 1.
   */
  readonly priors?: NumberArray
  /**
   * Strength of the shift. 1: as if all classes were as frequent; 0: plain cross-entropy. Finite,
   * at least 0.
   *
   * @default 1
   */
  readonly strength?: number
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

const task = 'make logitAdjusted'
const checks: OptionChecks<LogitAdjustedOptions> = {
  counts: anything,
  priors: anything,
  strength: checkNotNegative,
  output: checkOutput,
}

/**
 * Logit-adjusted cross-entropy: trains scores in which rare classes are not at a disadvantage for
 * being rare.
 *
 * L = -(1/n) sum_o log softmax(z_o + strength log pi)_y, pi_c the share of class c among the
 * training samples, y the class of sample o. One output z is the pair of logits 0 and z.
 *
 * The shift is there in training only. Where the loss is lowest, z_c + strength log pi_c is log P(c
 * | x) but for a constant, so that with strength = 1 the scores z rank the classes by P(x | c): the
 * largest makes the fewest errors on average over the classes. {@link adjustLogits} does the same
 * after a training without it. Unlike class weights, which hardly move a network that separates its
 * training samples, the shift is a margin: a rare class must win by more.
 *
 * `pi` are the shares that the training sees. Batches that are drawn evenly per class have even
 * shares, and nothing is left to adjust.
 *
 * @param options Counts or shares of the classes, strength, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, or counts that are not as many as the classes.
 * @throws {TypeError} If an option is unknown or not a number, there are not two classes, or not
 *   exactly one of `counts` and `priors`.
 * @throws {RangeError} If a class is empty, or an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { logitAdjusted } from 'tfjs-prune/losses'
 *
 * const loss = logitAdjusted({ counts: [900, 100] })
 * // A positive whose score is ln 9 is as hard as one at 0 in cross-entropy.
 * const [value = 0] = loss(tensor1d([1]), tensor1d([Math.log(9)])).dataSync()
 * if (Math.abs(value - Math.LN2) > 1e-6) throw new Error('unexpected loss')
 * ```
 * @see Menon, Jayasumana, Rawat, Jain, Veit, Kumar: Long-tail learning via logit adjustment. ICLR
 *   2021, arXiv:2007.07314.
 */
export function logitAdjusted(options: LogitAdjustedOptions): Loss {
  checkOptions(options, { task, checks })
  const { counts, strength = 1, output = 'auto' } = options
  const priors = classPriors(options, task)
  const [item, given] = counts
    ? ['count', { counts: Array.from(counts) }]
    : ['prior', { priors: Array.from(options.priors!) }]
  const crossentropy = weightedCrossentropy()
  const shift = priors.map((prior) => strength * Math.log(prior))
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'logitAdjusted', positiveClass: 0 })
    checkPerClass(priors, { task: 'compute logitAdjusted', item, ...batch })
    return tidy(() => {
      const shifted = add(classLogits(yPred, batch, output), tensor1d(shift))
      return crossentropy(oneHotLabels(yTrue, batch), shifted)
    })
  }
  return followOutput(loss, {
    settings: { priors, strength, output },
    remake: (kind) => logitAdjusted({ ...given, strength, output: kind }),
  })
}
