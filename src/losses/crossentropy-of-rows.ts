import type { Cost, Rows } from '../types.js'
import type { Batch } from './labels.js'

/**
 * L = -(1/n) sum_o sum_c gamma_c y_oc log p_oc of logits, with its gradient:
 *
 *     dL/dz_oc = (p_oc sum_k gamma_k y_ok - gamma_c y_oc) / n
 *
 * One output is the logit of class 1 beside a 0.
 */
export function crossentropyOfRows(
  yTrue: Rows,
  { values }: Rows,
  { samples, classes, oneOutput, gamma }: Batch & { readonly gamma: readonly number[] },
): Cost {
  const gradient = new Float32Array(values.length)
  const columns = values.length / samples
  let value = 0
  for (let sample = 0; sample < samples; sample++) {
    const first = sample * columns
    const own = [...values.subarray(first, first + columns)]
    const logits = oneOutput ? [0, ...own] : own
    const shares = sharesOf(yTrue, sample, { classes, oneOutput })
    const weights = gamma.map((weight, c) => weight * shares[c]!)
    const normal = logSumOf(logits)
    const logs = logits.map((logit) => logit - normal)
    const all = sumOf(weights)
    value -= sumOf(logs.map((log, c) => weights[c]! * log)) / samples
    const slopes = logs.map((log, c) => (all * Math.exp(log) - weights[c]!) / samples)
    gradient.set(oneOutput ? slopes.slice(1) : slopes, first)
  }
  return { value, gradient }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

/** The logarithm of the sum of the exponentials. */
function logSumOf(logits: readonly number[]): number {
  const largest = Math.max(...logits)
  return largest + Math.log(sumOf(logits.map((logit) => Math.exp(logit - largest))))
}

/** The share of each class in a sample, as `oneHotLabels` has it. */
function sharesOf(
  { values, shape }: Rows,
  sample: number,
  { classes, oneOutput }: Pick<Batch, 'classes' | 'oneOutput'>,
): ArrayLike<number> {
  if (shape[1] === classes) return values.subarray(sample * classes, (sample + 1) * classes)
  const label = values[sample]!
  if (oneOutput) return label >= 0 && label <= 1 ? [1 - label, label] : [0, 0]
  return Array.from({ length: classes }, (_, c) => Number(label === c))
}
