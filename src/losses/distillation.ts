import { type Scalar, slice, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import type { Loss } from '../types.js'
import { agreeOnOutput, followOutput } from './follow-output.js'
import { blend, divergence, shareChecks } from './from-teacher.js'
import { type Batch, checkBatch } from './labels.js'
import { classLogits } from './loss-logits.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

/** Options of {@link distillation}. */
export interface DistillationOptions {
  /**
   * Divisor of the scores of teacher and model, finite and above 0: the higher, the more
   * the classes count that the teacher thinks unlikely.
   *
   * @default 4
   */
  readonly temperature?: number
  /** Share of the teacher in the loss, in [0, 1]; the labels have the rest. @default 0.5 */
  readonly weight?: number
  /** The loss of the labels; one without an update step. @default weightedCrossentropy() */
  readonly loss?: Loss
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

const task = 'make distillation'
const checks: OptionChecks<DistillationOptions> = {
  ...shareChecks,
  loss: checkFunction,
  output: checkOutput,
}

/**
 * Learns from the labels and from the scores of another model, the teacher, at once.
 *
 * L = (1 - w) loss(y, z) + w T^2 (1/n) sum_o KL(softmax(t_o / T) || softmax(z_o / T)), t the
 * teacher's logits
 *
 * T^2 keeps the size of the teacher's gradient where it is as T grows. The teacher's logits come
 * with the labels: a row is `[label, logit of each class]`, or
 * `[one-hot row, logit of each class]`, as `withTeacher` makes them. They have no gradient. With
 * one output, the score of class 1, there are still two logits: their difference counts.
 *
 * @param options Temperature, share of the teacher, and the loss of the labels.
 * @returns A loss of `yTrue` (`[n, 1 + classes]` or `[n, 2 classes]`) and `yPred` (`[n, classes]`,
 *   or `[n]` or `[n, 1]`: the score of class 1). It works in `fit`, in own loops and in
 *   `model.fitDataset`; `model.fit` of tfjs refuses labels that are not as wide as the output.
 *   `fit` does not look at such labels; `withTeacher` has. The caller disposes the scalar that the
 *   loss returns. A call throws a TypeError for shapes that do not fit.
 * @throws {TypeError} If the temperature or the weight is not a number, or the loss is not a
 *   function.
 * @throws {RangeError} If the temperature is not finite and above 0, the weight is outside [0, 1],
 *   the loss has an update step, or it wants another `output`.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { distillation } from 'tfjs-prune/losses'
 *
 * const loss = distillation({ weight: 1, temperature: 2 })
 * // Label 1, and a teacher who says -1 and 1; the model says the same but for a constant.
 * const [value = 1] = loss(tensor2d([[1, -1, 1]]), tensor2d([[3, 5]])).dataSync()
 * if (Math.abs(value) > 1e-6) throw new Error('nothing is left to learn from this teacher')
 * ```
 * @see Hinton, Vinyals and Dean 2015, Distilling the knowledge in a neural network, arXiv
 *   1503.02531.
 */
export function distillation(options: DistillationOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const { temperature = 4, weight = 0.5 } = options
  const { loss: given = weightedCrossentropy(), output: wanted = 'auto' } = options
  checkLoss(given)
  const { losses, output = 'auto' } = agreeOnOutput([given], { task, output: wanted })
  const loss = losses[0]!
  const distilled = (yTrue: Tensor, yPred: Tensor): Scalar =>
    tidy(() => {
      const { labels, teacher, batch } = splitTaught(yTrue, yPred)
      const logits = classLogits(yPred, batch, output)
      const far = divergence(teacher, logits, temperature)
      return blend(loss(labels, yPred), far, { weight, temperature })
    })
  return followOutput(distilled, {
    settings: { temperature, weight, output, loss: loss.settings ?? {} },
    favours: loss.favours,
    remake: (kind) => distillation({ temperature, weight, loss: given, output: kind }),
  })
}

function checkLoss(loss: Loss): void {
  if ('update' in loss)
    throw new RangeError(`Cannot ${task}: expected a loss without an update step, got one with it`)
}

/** Parts rows of labels from the teacher's logits, one a class. */
function splitTaught(
  yTrue: Tensor,
  yPred: Tensor,
): { labels: Tensor; teacher: Tensor2D; batch: Batch } {
  const [samples = 0, outputs = 1] = yPred.shape
  const classes = Math.max(outputs, 2)
  const columns = (yTrue.shape[1] ?? 1) - classes
  const taught = yTrue.rank === 2 && (columns === 1 || columns === classes)
  if (
    yPred.rank >= 1 &&
    yPred.rank <= 2 &&
    samples > 0 &&
    !(taught && yTrue.shape[0] === samples)
  ) {
    const wanted = `yTrue of shape [${samples}, ${1 + classes}] or [${samples}, ${2 * classes}] (see withTeacher)`
    throw new TypeError(`Cannot compute distillation: expected ${wanted}, got [${yTrue.shape}]`)
  }
  const labels = taught ? slice(yTrue, [0, 0], [-1, columns]) : yTrue
  const batch = checkBatch(labels, yPred, { name: 'distillation', positiveClass: 0 })
  return { labels, teacher: slice(yTrue as Tensor2D, [0, columns], [-1, classes]), batch }
}
