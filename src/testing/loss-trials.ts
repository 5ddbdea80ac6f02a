import { sigmoid, stack, sub, tidy } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.js'
import { expectThat } from './expectations.js'
import { asVector, extremeBatches, type LossBatch, logitShapes, lossOn } from './loss-batches.js'

/** Calls `check` with every extreme batch in every shape, and with words for both. */
export function onExtremes(
  loss: Loss,
  check: (got: ReturnType<typeof lossOn>, where: string) => void,
): void {
  for (const [name, batch] of Object.entries(extremeBatches)) {
    for (const [shape, asOutputs] of Object.entries(logitShapes))
      check(lossOn(loss, batch, asOutputs), `for ${name}, outputs of shape ${shape}`)
  }
}

/** Throws unless each value is within a hundred-thousandth of the wanted one. */
export function expectClose(got: readonly number[], wanted: readonly number[], what: string): void {
  const isClose = wanted.every(
    (value, i) => Math.abs(got[i]! - value) <= 1e-5 * Math.max(1, Math.abs(value)),
  )
  expectThat(isClose && got.length === wanted.length, `${what} to be ${wanted.join()}`, got)
}

/** The samples of a batch in another order. */
export function reordered({ labels, scores }: LossBatch, order: readonly number[]): LossBatch {
  return { labels: order.map((i) => labels[i]!), scores: order.map((i) => scores[i]!) }
}

/** Throws unless a loss throws for so many labels and so many outputs. */
export function expectRefused(loss: Loss, labels: number, outputs: number): void {
  let refused = false
  tidy(() => {
    try {
      loss(asVector(new Array(labels).fill(1)), asVector(new Array(outputs).fill(0.5)))
    } catch {
      refused = true
    }
  })
  expectThat(refused, `an error for ${labels} labels and ${outputs} outputs`, 'a loss')
}

/** Value of a loss for the probabilities of class 1, as one column or as two. */
export function onProbabilities(loss: Loss, { labels, scores }: LossBatch, columns: 1 | 2): number {
  return tidy(() => {
    const p = sigmoid(asVector(scores))
    const outputs = columns === 1 ? p : stack([sub(1, p), p], 1)
    return loss(asVector(labels), outputs).dataSync()[0]!
  })
}
