import {
  add,
  cast,
  equal,
  logSoftmax,
  mean,
  mul,
  type Scalar,
  sum,
  type Tensor,
  tensor1d,
} from '@tensorflow/tfjs-core'
import type { OutputOption } from '../internal/model-output.js'
import type { FilledBudget } from './class-budget.js'
import { type Batch, oneHotLabels } from './labels.js'
import { classLogits } from './loss-logits.js'

interface Weighted {
  readonly batch: Batch
  readonly budgets: readonly FilledBudget[]
  /** The multiplier of each budget. */
  readonly values: readonly number[]
  readonly output: OutputOption
  /** Number of the group of each sample, `[n, 1]`. */
  readonly groups: Tensor
}

/**
 * L = -(1/n) sum_o w_o log p_o, p_o the probability of the class of sample o, in group g, and w_o =
 * a (1 + mu_c + mu_cg) with the multipliers of its class and of its group. The largest weights of
 * the classes sum to their number: where no budget is of a group, that is the weighted
 * cross-entropy.
 */
export function budgetCrossentropy(labels: Tensor, yPred: Tensor, weighted: Weighted): Scalar {
  const { batch, budgets, values, output, groups } = weighted
  const own = budgets.map((budget, i) => ({ ...budget, value: values[i]! }))
  const whole = classWeights(batch, (one) =>
    own.reduce((all, { positiveClass, group, value }) => {
      return positiveClass === one && group === undefined ? all + value : all
    }, 1),
  )
  const ofGroups = own.filter(({ group }) => group !== undefined)
  const largest = whole.map((weight, one) =>
    ofGroups.reduce((most, { positiveClass, value }) => {
      return positiveClass === one ? Math.max(most, weight + value) : most
    }, weight),
  )
  const scale = batch.classes / largest.reduce((all, weight) => all + weight, 0)
  const scaled = (weights: readonly number[]) => tensor1d(weights.map((weight) => -scale * weight))
  // [n, classes], or [classes] where no group has a multiplier.
  const weights = ofGroups.reduce((all: Tensor, { positiveClass, group, value }) => {
    const more = scaled(classWeights(batch, (one) => (one === positiveClass ? value : 0)))
    return add(all, mul(cast(equal(groups, group!), 'float32'), more))
  }, scaled(whole))
  const logProbabilities = logSoftmax(classLogits(yPred, batch, output))
  return mean<Scalar>(sum(mul(mul(weights, oneHotLabels(labels, batch)), logProbabilities), 1))
}

function classWeights({ classes }: Batch, weightOf: (one: number) => number): number[] {
  return Array.from({ length: classes }, (_, one) => weightOf(one))
}
