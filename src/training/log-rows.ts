import { isProbability } from '../internal/is-probability.js'

/** Natural logarithms of unnormalised class probabilities, one row a sample. */
export interface LogRows {
  readonly values: Float64Array
  readonly classes: number
  /** Unit of the values: logits as the model gave them, or logarithms of its probabilities. */
  readonly output: 'logits' | 'probabilities'
}

interface OutputRows {
  readonly samples: number
  /** Labels that a sample has; each is scored by itself. @default 1 */
  readonly heads?: number
  readonly output: 'logits' | 'probabilities'
}

/**
 * One output is the score z of class 1 and becomes the logits 0 and z; probabilities become their
 * logarithms.
 */
export function logRows(
  outputs: ArrayLike<number>,
  { samples, heads = 1, output }: OutputRows,
): LogRows {
  const columns = outputs.length / samples / heads
  const classes = Math.max(columns, 2)
  const values = new Float64Array(samples * heads * classes)
  // Zero has no logarithm; the smallest float64 keeps the order of all others.
  const log = (probability: number) => Math.log(Math.max(probability, Number.MIN_VALUE))
  for (let i = 0; i < outputs.length; i++) {
    const value = outputs[i]!
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Cannot evaluate: expected finite outputs, got ${value} for sample ${Math.floor(i / columns / heads)}`,
      )
    }
    if (output === 'probabilities' && !isProbability(value)) {
      throw new RangeError(
        `Cannot evaluate: expected probabilities in [0, 1], got ${value}; are the outputs logits?`,
      )
    }
    if (columns > 1) values[i] = output === 'logits' ? value : log(value)
    else {
      values[2 * i] = output === 'logits' ? 0 : log(1 - value)
      values[2 * i + 1] = output === 'logits' ? value : log(value)
    }
  }
  return { values, classes, output }
}
