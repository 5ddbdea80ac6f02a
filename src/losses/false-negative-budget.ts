import { add, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkOutput, type ModelOutput, type OutputOption } from '../internal/model-output.js'
import { checkIndex } from '../internal/option-checks.js'
import type { Loss, LossSchedule, NumberArray } from '../types.js'
import { type ClassBudget, type FilledBudget, fillBudgets } from './class-budget.js'
import { agreeOnOutput, bindTo, followOutput } from './follow-output.js'
import { checkBatch } from './labels.js'
import {
  type LossMemory,
  type MeasuredOutcomes,
  type Multipliers,
  multipliersAt,
} from './multipliers.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

/** Options of {@link falseNegativeBudget}. */
export interface FalseNegativeBudgetOptions {
  /**
   * A loss to add, such as `squaredHingeRank({ lambda: 5 })`; it gets no multiplier. @default none
   */
  readonly plus?: Loss
  /**
   * The outputs of the model: raw scores, or those of a sigmoid or softmax. `'auto'`: as the model
   * says, in `fit` and wherever else the model is known; logits where the loss is called by itself.
   *
   * @default 'auto'
   */
  readonly output?: 'auto' | 'logits' | 'probabilities'
}

/** A loss whose class weights follow the misses; made by {@link falseNegativeBudget}. */
export interface FalseNegativeBudget extends Loss, LossSchedule {
  /** The present multiplier of each class that has a budget. */
  readonly multipliers: Readonly<Record<number, number>>
  /**
   * Moves the multipliers. `measured` holds one false-negative rate per class, NaN without
   * positives; or is the answer of `evaluateOn`: `labels` and `predictions`, or for a single budget
   * its `falseNegativeRate`.
   */
  readonly update: (measured: NumberArray | MeasuredOutcomes) => void
  /** The multipliers as plain data, by which a training goes on from the middle of a round. */
  readonly memory: LossMemory
  /** A loss of its own for one round: it begins at `start`, whatever became of this one. */
  readonly atRound: (round: number) => FalseNegativeBudget
}

const task = 'make falseNegativeBudget'
const checks: OptionChecks<FalseNegativeBudgetOptions> = {
  plus: checkPlus,
  output: checkOutput,
}

/**
 * Cross-entropy whose class weights grow as long as a class is missed too often.
 *
 * L = L_wCE(gamma), gamma_c = 1 + mu_c, and after each epoch mu_c <- [mu_c + stepSize_c (FNR_c -
 * b_c)]_+, b the rate wanted, at most `maximumMultiplier`. The weights are scaled to sum to the
 * number of classes, as in {@link weightedCrossentropy}.
 *
 * A multiplier guarantees nothing on unseen data: it moves the rate of the samples that are
 * measured, and a network that knows its training data by heart misses none of them. Measure on
 * validation data, and for a bound that holds use `certify` on samples that were used for nothing
 * else.
 *
 * In your own loop, or with `model.compile`, call `update` after each epoch. `fit` does so
 * itself, and begins every round anew at `start`: no state passes from round to round or from run
 * to run, so that a resumed run equals an uninterrupted one. To carry multipliers on, give
 * `byRound` a function that returns the same budget every time, and as `start` their values when
 * you resume. With `stepSize: 0` the weights are constant:
 * `start: (round) => (round === 0 ? 0 : 4)` is the paper's gamma, 1 in the first round and 5 after.
 *
 * @param budgets The budget of one class, or of several.
 * @param options A loss to add, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes,
 *   and a loss schedule. The caller disposes the scalar that it returns. A call throws a TypeError
 *   for shapes that do not fit, and a RangeError if the model has no class of a budget. `update`
 *   throws before it moves anything: a TypeError for an argument without rates, a RangeError for a
 *   rate outside [0, 1] or a class without one; NaN leaves a multiplier as it is.
 * @throws {TypeError} If an option is unknown or of the wrong type, or there is no budget.
 * @throws {RangeError} If an option is out of range, or a class has two budgets.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { falseNegativeBudget } from 'tfjs-prune/losses'
 *
 * const loss = falseNegativeBudget({ positiveClass: 1, maximumFalseNegativeRate: 0.1, stepSize: 10 })
 * const miss = () => loss(tensor1d([1, 0]), tensor1d([-2, -2])).dataSync()[0]!
 * const before = miss()
 * loss.update({ labels: [1, 1, 0], predictions: [0, 1, 0] })
 * // Half of class 1 was missed: 10 (0.5 - 0.1) = 4, and gamma is 5.
 * if (loss.multipliers[1] !== 4 || miss() <= before) throw new Error('a miss costs more now')
 * ```
 * @see Cotter et al.: Optimization with non-differentiable constraints. JMLR 20, 2019,
 *   arXiv:1809.04198. And Entezari, Saukh: Class-dependent compression of deep neural networks.
 *   SenSys-ML 2020, arXiv:1909.10364, for gamma by hand.
 */
export function falseNegativeBudget(
  budgets: ClassBudget | readonly ClassBudget[],
  options: FalseNegativeBudgetOptions = {},
): FalseNegativeBudget {
  checkOptions(options, { task, checks })
  const { plus, output = 'auto' } = options
  const { losses, output: agreed = 'auto' } = agreeOnOutput(plus ? [plus] : [], { task, output })
  return budgetAt(0, { budgets: fillBudgets(budgets), plus: losses[0], output: agreed })
}

function checkPlus(plus: unknown): void {
  if (typeof plus !== 'function') {
    throw new TypeError(`Cannot ${task}: expected plus to be a loss, got ${describe(plus)}`)
  }
  if ('update' in plus) {
    throw new TypeError(
      `Cannot ${task}: expected plus to have no update step of its own, got one: list its budgets`,
    )
  }
}

interface Parts {
  readonly budgets: readonly FilledBudget[]
  readonly plus: Loss | undefined
  readonly output: OutputOption
}

/** The loss and schedule of one round. */
function budgetAt(round: number, parts: Parts): FalseNegativeBudget {
  return budgetWith(multipliersAt(round, parts.budgets), parts)
}

/** The loss reads the multipliers, an update moves them; losses for other outputs share them. */
function budgetWith(multipliers: Multipliers, parts: Parts): FalseNegativeBudget {
  const atRound = (next: number) => {
    checkIndex(next, { task: 'choose the loss of a round', name: 'round' })
    return budgetAt(next, parts)
  }
  const remake = (output: ModelOutput) =>
    budgetWith(multipliers, { ...parts, plus: parts.plus && bindTo(parts.plus, output), output })
  const settings = settingsOf(multipliers, parts)
  const loss = followOutput<Loss>(lossOf(multipliers, parts), { settings, remake })
  const made = Object.assign(loss, {
    update: multipliers.update,
    memory: multipliers.memory,
    atRound,
    multipliers: {},
  })
  const read = () =>
    Object.fromEntries(
      parts.budgets.map(({ positiveClass }, i) => [positiveClass, multipliers.values[i]!]),
    )
  return Object.defineProperty(made, 'multipliers', { get: read, enumerable: true })
}

function lossOf(multipliers: Multipliers, { budgets, plus, output }: Parts): Loss {
  const highest = Math.max(...budgets.map(({ positiveClass }) => positiveClass))
  return (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'falseNegativeBudget', positiveClass: highest })
    const weights = Array.from({ length: batch.classes }, () => 1)
    for (const [i, { positiveClass }] of budgets.entries())
      weights[positiveClass]! += multipliers.values[i]!
    const crossentropy = weightedCrossentropy({ weights, output })
    return tidy(() =>
      plus ? add(crossentropy(yTrue, yPred), plus(yTrue, yPred)) : crossentropy(yTrue, yPred),
    )
  }
}

function settingsOf({ values }: Multipliers, { budgets, plus, output }: Parts) {
  const described = budgets.map((budget, i) => ({ ...budget, start: values[i]! }))
  const added = plus ? { plus: plus.settings ?? {} } : {}
  return {
    budgets: described,
    positiveClass: budgets[0]!.positiveClass,
    output,
    ...added,
  }
}
