import { mul, type Scalar, sub, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, checkNotNegative, checkPositive, required } from '../internal/option-checks.js'
import type { Loss, NumberArray } from '../types.js'
import { checkClassWeights, checkCounts } from './class-checks.js'
import { followOutput } from './follow-output.js'
import { checkBatch, oneHotLabels } from './labels.js'
import { classLogits } from './loss-logits.js'
import { checkPerClass } from './per-class.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

/** Options of {@link ldam}. */
export interface LdamOptions {
  /**
   * Training samples per class: whole numbers above 0, as many as the model has classes; 2 for one
   * output.
   */
  readonly counts: NumberArray
  /**
   * Margin of the rarest class, in units of the logits. 0: none. Finite, at least 0.
   *
   * @default 0.5
   */
  readonly maximumMargin?: number
  /**
   * Factor s of the logits, margins included: 1 for the logits of an ordinary dense layer, 30 (the
   * paper's) for cosines. Finite, above 0.
   *
   * @default 1
   */
  readonly scale?: number
  /**
   * Class weights, scaled to sum to the number of classes: one number is the weight of the positive
   * class against 1 of every other, a list is one weight per class. Finite, above 0.
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
}

const task = 'make ldam'
const checks: OptionChecks<LdamOptions> = {
  counts: required((counts, option) => checkCounts(counts as NumberArray, option.task)),
  maximumMargin: checkNotNegative,
  scale: checkPositive,
  weights: checkClassWeights,
  positiveClass: checkIndex,
  output: checkOutput,
}

/**
 * Label-distribution-aware margins: cross-entropy in which a sample must win by a margin, the wider
 * the rarer its class.
 *
 * L = -(1/n) sum_o gamma_y log softmax(s (z_o - margin_y e_y))_y, margin_c = maximumMargin (min_k
 * n_k / n_c)^(1/4), y the class of sample o, e_y its one-hot row. One output z is the pair of
 * logits 0 and z.
 *
 * The margins act in training alone: the scores of the finished model are used as they are. Unlike
 * the shift of {@link logitAdjusted}, a margin moves the logit of a sample's own class only.
 *
 * On `scale`: the paper normalises features and weights, so that its logits are cosines in [-1, 1],
 * and s = 30 makes room for a softmax that is nearly sure; a margin of 0.5 is then 15 in log-odds.
 * An ordinary dense layer gives logits of any size and needs no such room: s = 30 would mostly
 * multiply the gradient by 30, so that 1 is the default. The margin is then 0.5 in log-odds, and a
 * network can outgrow it by growing its logits, which the paper's cannot. Try a larger
 * `maximumMargin`, or give the model a head of cosines and `scale: 30`.
 *
 * The paper defers the class weights: none in the first epochs, then those of
 * `effectiveNumberWeights`. With `byEpoch`:
 * `byEpoch((epoch) => (epoch < 8 ? ldam({ counts }) : ldam({ counts, weights })))`. The mean is
 * over the samples; the authors' code divides by the sum of the weights instead.
 *
 * @param options Counts, margin, scale, class weights, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   Soft labels share the margins out. The caller disposes the scalar that it returns. A call
 *   throws a TypeError for shapes that do not fit, or counts or weights that are not as many as the
 *   classes, and a RangeError if the model has no positive class.
 * @throws {TypeError} If an option is unknown or not a number, or there are fewer than two counts.
 * @throws {RangeError} If a class is empty, or an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { ldam } from 'tfjs-prune/losses'
 *
 * const loss = ldam({ counts: [1600, 100], maximumMargin: 2 })
 * // The margins are 2 for class 1 and 2 (100 / 1600)^(1/4) = 1 for class 0.
 * const [rare = 0] = loss(tensor1d([1]), tensor1d([2])).dataSync()
 * const [common = 0] = loss(tensor1d([0]), tensor1d([-1])).dataSync()
 * if (Math.abs(rare - Math.LN2) + Math.abs(common - Math.LN2) > 1e-6) throw new Error('unexpected loss')
 * ```
 * @see Cao, Wei, Gaidon, Arechiga, Ma: Learning imbalanced datasets with label-distribution-aware
 *   margin loss. NeurIPS 2019, arXiv:1906.07413.
 */
export function ldam(options: LdamOptions): Loss {
  checkOptions(options, { task, checks })
  const {
    counts,
    maximumMargin = 0.5,
    scale = 1,
    weights: given = 1,
    positiveClass = 1,
    output = 'auto',
  } = options
  const weights = typeof given === 'number' ? given : [...given]
  const crossentropy = weightedCrossentropy({ weights, positiveClass })
  const kept = Array.from(counts)
  const margins = kept.map((count) => maximumMargin * (Math.min(...kept) / count) ** 0.25)
  const settings = { counts: kept, maximumMargin, scale, weights, positiveClass, output }
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'ldam', positiveClass })
    checkPerClass(kept, { task: 'compute ldam', item: 'count', ...batch })
    if (typeof weights !== 'number')
      checkPerClass(weights, { task: 'compute ldam', item: 'weight', ...batch })
    return tidy(() => {
      const labels = oneHotLabels(yTrue, batch)
      const behind = sub(classLogits(yPred, batch, output), mul(labels, tensor1d(margins)))
      return crossentropy(labels, mul(scale, behind))
    })
  }
  return followOutput(loss, {
    settings,
    favours: crossentropy.favours,
    remake: (kind) => ldam({ ...settings, output: kind }),
  })
}
