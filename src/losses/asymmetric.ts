import {
  add,
  exp,
  log,
  mean,
  mul,
  neg,
  relu,
  type Scalar,
  sigmoid,
  softplus,
  step,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex, checkNotNegative, numberThat } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { followOutput } from './follow-output.js'
import { checkBatch, positiveRows } from './labels.js'
import { scoreRows } from './loss-logits.js'

/** Options of {@link asymmetric}. */
export interface AsymmetricOptions {
  /**
   * How fast a positive loses weight as the model gets surer of it; 0: not at all. Finite, at least
   * 0.
   *
   * @default 0
   */
  readonly focusingPositives?: number
  /**
   * How fast a negative loses weight as the model gets surer of it; 0: not at all. Finite, at least
   * 0.
   *
   * @default 4
   */
  readonly focusingNegatives?: number
  /**
   * Probability m up to which a negative costs nothing: in [0, 1).
   *
   * @default 0.05
   */
  readonly clip?: number
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

const task = 'make asymmetric'
const checks: OptionChecks<AsymmetricOptions> = {
  focusingPositives: checkNotNegative,
  focusingNegatives: checkNotNegative,
  clip: numberThat('in [0, 1)', (share) => share >= 0 && share < 1),
  positiveClass: checkIndex,
  output: checkOutput,
}

/**
 * Asymmetric loss: focusing that leaves the positives their weight and takes it from easy
 * negatives, the easiest of all being dropped.
 *
 * L = (1/n) sum_o { -(1 - p)^g+ log p for a positive; -q^g- log(1 - q), q = [p - m]_+, for a
 * negative }.
 *
 * p is the sigmoid of the positive class's log-odds, the model's probability of that class. More
 * than two classes: the sum over the classes, each against the rest. The paper has one sigmoid per
 * label instead; here p comes from the softmax, because a sample has one class.
 *
 * A positive can cost any amount, a negative at most -(1 - m)^g- log m, so that p leans towards the
 * positive class: choose the threshold on validation data. With two classes, g+ = g- and m = 0 is
 * {@link focal}, and 0 for both exponents binary cross-entropy. Labels above 1/2 are positive. Loss
 * and gradient are finite for scores of any size.
 *
 * @param options The two exponents, the clip, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes.
 *   The caller disposes the scalar that it returns. A call throws a TypeError for shapes that do
 *   not fit, and a RangeError if the model has no positive class.
 * @throws {TypeError} If an option is unknown, or not a number where one is expected.
 * @throws {RangeError} If an option is out of range.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { asymmetric } from 'tfjs-prune/losses'
 *
 * const loss = asymmetric()
 * const costOf = (label: number, score: number) => loss(tensor1d([label]), tensor1d([score])).dataSync()[0]!
 * if (costOf(0, -3) !== 0) throw new Error('p = 0.047 is below the clip')
 * if (Math.abs(costOf(1, 0) - Math.LN2) > 1e-6) throw new Error('a positive costs -log p')
 * ```
 * @see Ridnik, Ben-Baruch, Zamir, Noy, Friedman, Protter, Zelnik-Manor: Asymmetric loss for
 *   multi-label classification. ICCV 2021, arXiv:2009.14119.
 */
export function asymmetric(options: AsymmetricOptions = {}): Loss {
  checkOptions(options, { task, checks })
  const {
    focusingPositives = 0,
    focusingNegatives = 4,
    clip = 0.05,
    positiveClass = 1,
    output = 'auto',
  } = options
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'asymmetric', positiveClass })
    return tidy(() => {
      const scores = scoreRows(yPred, batch, output)
      const positives = positiveRows(yTrue, batch)
      const ofPositives = mul(positives, focused(scores, focusingPositives))
      const ofNegatives =
        clip === 0
          ? focused(neg(scores), focusingNegatives)
          : clipped(scores, { focusingNegatives, clip })
      return mean<Scalar>(sum(add(ofPositives, mul(sub(1, positives), ofNegatives)), 0))
    })
  }
  const settings = { focusingPositives, focusingNegatives, clip, positiveClass, output }
  return followOutput(loss, {
    settings,
    favours: focusingNegatives === focusingPositives && clip === 0 ? undefined : positiveClass,
    remake: (kind) => asymmetric({ ...settings, output: kind }),
  })
}

/**
 * -(1 - p)^focusing log p, p the sigmoid of the scores; from log p and log(1 - p), which are exact
 * for any score.
 */
function focused(scores: Tensor, focusing: number): Tensor {
  return mul(exp(mul(-focusing, softplus(scores))), softplus(neg(scores)))
}

/**
 * -q^focusing log(1 - q), q = [p - clip]_+. The power is an exponential: tf.pow has no finite
 * gradient at q = 0.
 */
function clipped(
  scores: Tensor,
  { focusingNegatives, clip }: { focusingNegatives: number; clip: number },
): Tensor {
  const above = sub(sigmoid(scores), clip)
  const counts = step(above) // 1 above the clip, else 0
  const power = exp(mul(focusingNegatives, log(add(mul(above, counts), sub(1, counts)))))
  return mul(power, relu(neg(log(add(sigmoid(neg(scores)), clip))))) // 1 - q = (1 - p) + clip, at most 1
}
