import type { Cost, Rows } from '../types.js'
import type { Batch } from './labels.js'

type Weighted = Batch & { readonly gamma: readonly number[] }

/**
 * L = -(1/n) sum_o sum_c gamma_c y_oc log p_oc of logits, with its gradient:
 *
 *     dL/dz_oc = (p_oc sum_k gamma_k y_ok - gamma_c y_oc) / n
 *
 * One output is the logit of class 1 beside a 0.
 */
export function crossentropyOfRows(yTrue: Rows, { values }: Rows, batch: Weighted): Cost {
  const { samples, classes, gamma } = batch
  const gradient = new Float32Array(values.length)
  const columns = values.length / samples
  const skipped = classes - columns
  const [logits, weights] = [new Float64Array(classes), new Float64Array(classes)]
  let value = 0
  for (let sample = 0; sample < samples; sample++) {
    const first = sample * columns - skipped
    let [largest, all, powers] = [-Infinity, 0, 0]
    for (let c = 0; c < classes; c++) {
      const logit = c < skipped ? 0 : values[first + c]!
      const weight = gamma[c]! * shareOf(c, yTrue, sample, batch)
      logits[c] = logit
      weights[c] = weight
      largest = Math.max(largest, logit)
      all += weight
    }
    for (let c = 0; c < classes; c++) powers += Math.exp(logits[c]! - largest)
    const normal = largest + Math.log(powers)
    for (let c = 0; c < classes; c++) {
      const log = logits[c]! - normal
      value -= (weights[c]! * log) / samples
      if (c >= skipped) gradient[first + c] = (all * Math.exp(log) - weights[c]!) / samples
    }
  }
  return { value, gradient }
}

/** The share of a class in a sample, as `oneHotLabels` has it. */
function shareOf(
  c: number,
  { values, shape }: Rows,
  sample: number,
  { classes, oneOutput }: Batch,
): number {
  if (shape[1] === classes) return values[sample * classes + c]!
  const label = values[sample]!
  if (!oneOutput) return Number(label === c)
  return label >= 0 && label <= 1 ? (c === 1 ? label : 1 - label) : 0
}
