import type { Optimizer } from '@tensorflow/tfjs-core'
import { disposeOptimizer } from '../internal/optimizer-wrapper.js'
import type { FitOptions } from './fit-options.js'

/** Optimizers of rounds that ended: they are disposed. */
const retired = new WeakSet<Optimizer>()

/** Makes the optimizer of a round. */
export function makeOptimizer({ optimizer }: FitOptions): Optimizer {
  const made = optimizer()
  if (typeof made?.applyGradients !== 'function') {
    throw new TypeError(
      `Cannot train: expected the optimizer factory to return an optimizer, got ${made}`,
    )
  }
  if (!retired.has(made)) return made
  throw new TypeError(
    'Cannot train: expected the optimizer factory to make a new optimizer for each round, got one of a round before',
  )
}

/** Frees the optimizer of a round with all that wraps it. */
export function retireOptimizer(optimizer: Optimizer, outermost: Optimizer): void {
  retired.add(optimizer)
  disposeOptimizer(outermost)
}
