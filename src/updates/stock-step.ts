import {
  AdamOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
  SGDOptimizer,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { RuleName } from './element-rules.js'

/** A slot of one variable, as the optimizers of tfjs keep it. */
interface Slot {
  readonly variable: Variable
}

/** A step that a stock optimizer is about to take. */
export interface StockStep {
  readonly rule: RuleName
  /** The numbers that its rule takes, rounded to float32. */
  readonly numbers: readonly number[]
  /** Its lists of slots, one a kind, in the order of the variables; they grow in the first step. */
  readonly slots: readonly (readonly Slot[])[]
}

/** The fields of all stock optimizers that a step reads. */
interface Fields {
  readonly c: Tensor
  readonly m: Tensor
  readonly accBeta1: Tensor
  readonly accBeta2: Tensor
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly decay: number
  readonly momentum: number
  readonly epsilon: number
  readonly centered: boolean
  readonly useNesterov: boolean
  readonly accumulations: readonly Slot[]
  readonly accumulatedFirstMoment: readonly Slot[]
  readonly accumulatedSecondMoment: readonly Slot[]
  readonly accumulatedMeanSquares: readonly Slot[]
  readonly accumulatedMoments: readonly Slot[]
}

type Reader = (fields: Fields) => Omit<StockStep, 'rule'> | undefined

const numberIn = (scalar: Tensor): number => scalar.dataSync()[0]!

/** By the class itself: one that extends it may do anything. */
const readers = new Map<unknown, Reader>([
  // SGD and momentum work with their tensors, whatever the other fields say.
  [SGDOptimizer, ({ c }) => ({ numbers: [numberIn(c)], slots: [] })],
  [
    MomentumOptimizer,
    ({ c, m, useNesterov, accumulations }) => ({
      numbers: [numberIn(c), numberIn(m), Number(useNesterov)],
      slots: [accumulations],
    }),
  ],
  [
    AdamOptimizer,
    (adam) => {
      const { beta1, beta2 } = adam
      const left = [1 - numberIn(adam.accBeta1), 1 - numberIn(adam.accBeta2)]
      return {
        numbers: [-adam.learningRate, beta1, 1 - beta1, beta2, 1 - beta2, ...left, adam.epsilon],
        slots: [adam.accumulatedFirstMoment, adam.accumulatedSecondMoment],
      }
    },
  ],
  [
    RMSPropOptimizer,
    (rms) =>
      // The centred one of tfjs takes the root of numbers below 0, and is left to it.
      rms.centered
        ? undefined
        : {
            numbers: [rms.learningRate, rms.decay, 1 - rms.decay, rms.momentum, rms.epsilon],
            slots: [rms.accumulatedMeanSquares, rms.accumulatedMoments],
          },
  ],
])

/**
 * The next step of a stock optimizer; undefined for others, for subclasses, and for one whose
 * `applyGradients` is the user's.
 */
export function stockStep(optimizer: Optimizer): StockStep | undefined {
  if (Object.hasOwn(optimizer, 'applyGradients')) return
  const read = readers.get(optimizer.constructor)?.(optimizer as unknown as Fields)
  const rule = optimizer.getClassName() as RuleName
  return read && { ...read, rule, numbers: read.numbers.map(Math.fround) }
}
