import type { Optimizer } from '@tensorflow/tfjs-core'

/**
 * Sets the rate of a stock optimizer: SGD and momentum keep it in a tensor as well and have a
 * method for it.
 */
export function setLearningRate(optimizer: Optimizer, rate: number): void {
  const target = optimizer as Optimizer & {
    setLearningRate?: (rate: number) => void
    learningRate?: number
  }
  if (target.setLearningRate) target.setLearningRate(rate)
  else target.learningRate = rate
}

/** The rate that an optimizer's configuration tells; NaN when it tells none. */
export function learningRateOf(optimizer: Optimizer): number {
  const rate = optimizer.getConfig().learningRate
  return typeof rate === 'number' ? rate : Number.NaN
}
