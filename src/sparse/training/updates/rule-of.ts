import {
  AdamOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
} from '@tensorflow/tfjs-core'
import { adam, momentum, rmsProp, sgd, type UpdateRule } from './update-rules.js'

type Settings = Readonly<Record<string, number & boolean>>

/** By the class itself: one that extends it may do anything. */
const makers = new Map<unknown, (settings: Settings) => UpdateRule | undefined>([
  [SGDOptimizer, () => sgd],
  [MomentumOptimizer, ({ momentum: m, useNesterov }) => momentum(m!, useNesterov!)],
  [AdamOptimizer, ({ beta1, beta2, epsilon }) => adam(beta1!, beta2!, epsilon!)],
  [
    RMSPropOptimizer,
    // The centered one of tfjs takes the root of numbers below 0, and is left to it.
    ({ decay, momentum, epsilon, centered }) =>
      centered ? undefined : rmsProp({ decay: decay!, momentum: momentum!, epsilon: epsilon! }),
  ],
])

/** The rule of a stock optimizer; undefined for others. */
export function ruleOf(optimizer: Optimizer): UpdateRule | undefined {
  return makers.get(optimizer.constructor)?.(optimizer.getConfig() as unknown as Settings)
}
