import {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
} from '@tensorflow/tfjs-core'
import { OptimizerWrapper } from '../internal/optimizer-wrapper.js'

const STOCK = new Set<unknown>([
  SGDOptimizer,
  MomentumOptimizer,
  AdagradOptimizer,
  AdadeltaOptimizer,
  AdamOptimizer,
  AdamaxOptimizer,
  RMSPropOptimizer,
])

/**
 * Whether an optimizer is known to move no weight whose gradients and slots are 0. The stock ones
 * do not, except for the centred RMSProp, which divides by sqrt(-epsilon) there, and for an epsilon
 * of 0, which makes 0 / 0. Other optimizers, and subclasses of the stock ones, are not known.
 */
export function leavesZeros(optimizer: Optimizer): boolean {
  const { centered, epsilon } = optimizer.getConfig()
  return (
    STOCK.has(OptimizerWrapper.unwrap(optimizer).constructor) && centered !== true && epsilon !== 0
  )
}
