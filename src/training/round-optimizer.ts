import type { Optimizer } from '@tensorflow/tfjs-core'
import { disposeOptimizer } from '../internal/optimizer-wrapper.js'
import type { FitOptions } from './fit-options.js'

/** Optimizers of rounds that ended: they are disposed. */
const retired = new WeakSet<Optimizer>()

/** Makes the optimizer of a round. */
export function makeOptimizer({ optimizer, learningRate }: FitOptions): Optimizer {
  const made = optimizer()
  if (typeof made?.applyGradients !== 'function') {
    throw new TypeError(
      `Cannot train: expected the optimizer factory to return an optimizer, got ${made}`,
    )
  }
  if (learningRate === undefined) checkRate(made)
  if (!retired.has(made)) return made
  throw new TypeError(
    'Cannot train: expected the optimizer factory to make a new optimizer for each round, got one of a round before',
  )
}

/** Those of tfjs that need a rate are made without one too, where they are called with nothing. */
function checkRate(made: Optimizer): void {
  if (!isWithoutRate(made)) return
  disposeOptimizer(made)
  throw new TypeError(
    'Cannot train: expected an optimizer with a learning rate, such as () => train.sgd(0.001), got rate undefined',
  )
}

/** A class of one's own may tell a rate of any kind, or throw where it is asked. */
function isWithoutRate(made: Optimizer): boolean {
  try {
    const config = made.getConfig()
    return 'learningRate' in config && config.learningRate === undefined
  } catch {
    return false
  }
}

/** Frees the optimizer of a round with all that wraps it. */
export function retireOptimizer(optimizer: Optimizer, outermost: Optimizer): void {
  retired.add(optimizer)
  disposeOptimizer(outermost)
}
