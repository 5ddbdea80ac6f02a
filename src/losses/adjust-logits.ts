import { sub, type Tensor, Tensor as TensorClass, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkNotNegative } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'
import { checkPerClass, classPriors } from './per-class.js'

/** Options of {@link adjustLogits}: one of `counts` and `priors`. */
export interface AdjustLogitsOptions {
  /**
   * Training samples per class: whole numbers above 0, as many as the model has classes; 2 for one
   * output.
   */
  readonly counts?: NumberArray
  /**
   * Shares of the classes in the training batches, in place of `counts`: finite, above 0; scaled to
   * sum to 1.
   */
  readonly priors?: NumberArray
  /**
   * Strength of the shift. 1: as if all classes were as frequent; 0: none. Finite, at least 0.
   *
   * @default 1
   */
  readonly strength?: number
}

const task = 'adjust logits'
const checks: OptionChecks<AdjustLogitsOptions> = {
  counts: anything,
  priors: anything,
  strength: checkNotNegative,
}

/**
 * Takes the shares of the classes out of a trained model's logits, so that rare classes are not at
 * a disadvantage.
 *
 * z'_c = z_c - strength log pi_c; for one output z, the score of class 1, z' = z - strength (log
 * pi_1 - log pi_0).
 *
 * For a model that was trained with plain cross-entropy: with strength = 1 the largest of the new
 * logits makes the fewest errors on average over the classes. {@link logitAdjusted} has the same
 * aim during training; do one or the other. For two classes this is another threshold, -strength
 * log(pi_0 / pi_1) instead of 0, and leaves the ROC curve as it is.
 *
 * @param logits Logits `[n, classes]`, or `[n, 1]` or `[n]` of a model with one output: float32,
 *   any size. Probabilities do not do: take their logarithm, or of one sigmoid log(p / (1 - p)).
 * @param options Counts or shares of the classes, and strength.
 * @returns New logits, float32, of the shape of `logits`, for the caller to dispose; gradients flow
 *   through.
 * @throws {TypeError} If an option is unknown or not a number, the shape does not fit, the classes
 *   are not as many as the counts, or there is not exactly one of `counts` and `priors`.
 * @throws {RangeError} If a class is empty or `strength` is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { argMax, tensor2d } from '@tensorflow/tfjs-core'
 * import { adjustLogits } from 'tfjs-prune/losses'
 *
 * const logits = tensor2d([[1.5, 0]]) // class 0, says the model
 * const adjusted = adjustLogits(logits, { counts: [900, 100] }) // 1.5 is less than log 9 = 2.2
 * if (argMax(adjusted, 1).dataSync()[0] !== 1) throw new Error('class 1 is expected')
 * ```
 * @see Menon, Jayasumana, Rawat, Jain, Veit, Kumar: Long-tail learning via logit adjustment. ICLR
 *   2021, arXiv:2007.07314.
 */
export function adjustLogits(logits: Tensor, options: AdjustLogitsOptions): Tensor {
  checkOptions(options, { task, checks })
  const { strength = 1 } = options
  const priors = classPriors(options, task)
  if (!(logits instanceof TensorClass)) {
    throw new TypeError(`Cannot ${task}: expected a tensor of logits, got ${typeof logits}`)
  }
  const [, outputs = 1] = logits.shape
  if (logits.rank < 1 || logits.rank > 2 || outputs < 1) {
    throw new TypeError(
      `Cannot ${task}: expected logits of shape [n], [n, 1] or [n, classes], got [${logits.shape}]`,
    )
  }
  checkPerClass(priors, {
    task,
    item: options.priors ? 'prior' : 'count',
    classes: Math.max(outputs, 2),
  })
  const shift = priors.map((prior) => strength * Math.log(prior))
  return tidy(() => sub(logits, outputs === 1 ? shift[1]! - shift[0]! : tensor1d(shift)))
}
