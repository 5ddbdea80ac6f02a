import {
  add,
  argMax,
  clipByValue,
  concat,
  equal,
  exp,
  expandDims,
  fill,
  log,
  log1p,
  logSoftmax,
  max,
  mul,
  neg,
  range,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  transpose,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { OutputOption } from '../internal/model-output.js'
import { detach } from './detach.js'
import type { Batch } from './labels.js'

/** Least probability that a logarithm is taken of; tfjs's own losses clip at the same value. */
const epsilon = 1e-7

/** Far below every score: its exponential is 0. */
const nothing = -1e9

/** Some backends clip NaN to a number: the outputs of a diverged network must show. */
const logarithm = (probabilities: Tensor) =>
  log(add(clipByValue(probabilities, epsilon, 1), mul(probabilities, 0)))

/**
 * Scores `[n, classes]` whose softmax are the model's probabilities. One output is the score of
 * class 1; the column of class 0 is then 0 for logits and log(1 - p) for probabilities.
 */
export function classLogits(
  yPred: Tensor,
  { samples, oneOutput }: Pick<Batch, 'samples' | 'oneOutput'>,
  output: OutputOption,
): Tensor2D {
  if (!oneOutput) return (output === 'probabilities' ? logarithm(yPred) : yPred) as Tensor2D
  const score = reshape(yPred, [samples, 1])
  const columns =
    output === 'probabilities'
      ? [logarithm(sub(1, score)), logarithm(score)]
      : [zerosLike(score), score]
  return concat(columns, 1) as Tensor2D
}

/**
 * Scores to rank: log-odds `[1, n]` of the positive class, or `[classes, n]` of each class if there
 * are more than two.
 */
export function scoreRows(yPred: Tensor, batch: Batch, output: OutputOption): Tensor {
  const { samples, classes, oneOutput, positiveClass } = batch
  if (oneOutput && output !== 'probabilities' && positiveClass === 1)
    return reshape(yPred, [1, samples])
  const logits = classLogits(yPred, batch, output)
  if (classes > 2) return transpose(logOdds(logits))
  const sign = tensor1d(positiveClass === 1 ? [-1, 1] : [1, -1])
  return reshape(sum(mul(logits, sign), 1), [1, samples])
}

/**
 * Log-odds of every class against all others, s_c = z_c - log sum_{k != c} exp(z_k):
 * `[n, classes]`, same shape.
 *
 * The class with the highest score needs the sum over the others, which a single pass gives. Any
 * other class has p_c <= 1/2, so that s_c = log p_c - log(1 - p_c) is exact there.
 */
export function logOdds(logits: Tensor2D): Tensor {
  const [samples, classes] = logits.shape
  const top = detach(
    (z) => equal(expandDims(argMax(z, 1), 1), range(0, classes, 1, 'int32')),
    logits,
  )
  const others = where(top, fill([samples, classes], nothing), logits)
  const highest = detach((z) => max(z, 1, true), others)
  const logSumOfOthers = add(highest, log(sum(exp(sub(others, highest)), 1, true)))
  const logProbability = where(top, fill([samples, classes], -1), logSoftmax(logits))
  return where(
    top,
    sub(logits, logSumOfOthers),
    sub(logProbability, log1p(neg(exp(logProbability)))),
  )
}
