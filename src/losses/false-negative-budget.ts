import { add, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkOutput, type ModelOutput, type OutputOption } from '../internal/model-output.js'
import { checkIndex } from '../internal/option-checks.js'
import type { Loss } from '../types.js'
import { budgetCrossentropy } from './budget-crossentropy.js'
import type { FalseNegativeBudget, FalseNegativeBudgetOptions } from './budget-options.js'
import { type ClassBudget, type FilledBudget, fillBudgets } from './class-budget.js'
import { favouredByParts } from './favoured-by.js'
import { agreeOnOutput, bindTo, followOutput } from './follow-output.js'
import { groupColumns, groupLabels } from './group-labels.js'
import { checkBatch } from './labels.js'
import { type Multipliers, multipliersAt } from './multipliers.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

const task = 'make falseNegativeBudget'
const checks: OptionChecks<FalseNegativeBudgetOptions> = {
  plus: checkPlus,
  output: checkOutput,
}

/**
 * Cross-entropy whose class weights grow as long as a class is missed too often.
 *
 * L = L_wCE(gamma), gamma_c = 1 + mu_c, and after each epoch, with b the rate wanted:
 *
 * - FNR_c > b: mu_c <- min(mu_c + a min(s (FNR_c - b), M / (p + 1)), M), with the step size s, the
 *   maximum M and the patience p
 * - FNR_c <= b: mu_c <- mu_c (1 - a (1 - recovery))
 * - and a <- decay a, from 1 on: the multiplier comes to rest
 *
 * b is `maximumFalseNegativeRate`, or with `of: 'dense'` the dense network's own rate plus `slack`; a
 * dense network that misses every sample is nothing to compare with, and its budget moves nothing.
 * The weights are scaled to sum to the number of classes, as in {@link weightedCrossentropy}: with
 * M = 4 the other class of two keeps a third of its weight. One bad epoch is no leap. A budget that
 * makes no progress in p updates counts as out of reach, as `feasibility` says: its multiplier stays
 * below M, and rises again after progress.
 *
 * A budget with `group` is of the samples of its class in one group, such as those of one scanner:
 * its multiplier is added to the weight of those samples. Labels are rows `[class, group]` then, of
 * whole numbers, in `fit` too, and measurements hold `groups`, a number a sample; `fit` reads them
 * from the labels where it measures the training data. The largest weights of the classes sum to
 * their number then.
 *
 * A multiplier guarantees nothing on unseen data: it moves the rate of the samples that are
 * measured, and a network that knows its training data by heart misses none of them. Measure on
 * validation data, and for a bound that holds use `certify` on samples that were used for nothing
 * else.
 *
 * In your own loop, or with `model.compile`, call `update` after each epoch, and `compareWith` once
 * a round. `fit` does so itself: it measures the dense network as it measures the others, tells the
 * end of a round as `budgets` of its report, and begins every round anew at `start`. No state passes
 * from round to round or from run to run, so that a resumed run equals an uninterrupted one. To
 * carry multipliers on, give `byRound` a function that returns the same budget every time, and as
 * `start` their values when you resume. With `stepSize: 0` and `recovery: 1` the weights are
 * constant: `start: (round) => (round === 0 ? 0 : 4)` is the paper's gamma, 1 in the first round
 * and 5 after.
 *
 * @param budgets The budget of one class, or of several, or of groups in them.
 * @param options A loss to add, and the model's output.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes,
 *   or with `yTrue` of shape `[n, 2]` where a budget is of a group, and a loss schedule. The caller
 *   disposes the scalar that it returns. A call throws a TypeError for shapes that do not fit, and a
 *   RangeError if the model has no class of a budget. `update` throws before it moves anything: a
 *   TypeError for an argument without rates, a RangeError for a rate outside [0, 1] or a class
 *   without one; NaN leaves a multiplier as it is.
 * @throws {TypeError} If an option is unknown or of the wrong type, there is no budget, or one has
 *   not either a rate or `of`.
 * @throws {RangeError} If an option is out of range, or a class or a group in it has two budgets.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { falseNegativeBudget } from 'tfjs-prune/losses'
 *
 * const loss = falseNegativeBudget({ positiveClass: 1, of: 'dense', slack: 0.1, stepSize: 2 })
 * const miss = () => loss(tensor1d([1, 0]), tensor1d([-2, -2])).dataSync()[0]!
 * const before = miss()
 * loss.compareWith({ labels: [1, 1, 0], predictions: [1, 1, 0] }) // the dense network misses none
 * loss.update({ labels: [1, 1, 0], predictions: [0, 1, 0] })
 * // Half of class 1 was missed: 2 (0.5 - 0.1) = 0.8, and gamma is 1.8.
 * if (loss.multipliers[1] !== 0.8 || miss() <= before) throw new Error('a miss costs more now')
 * if (loss.feasibility[0]?.state !== 'open') throw new Error('the budget of 0.1 is not met yet')
 * ```
 * @see Hashemizadeh et al.: Balancing Act: constraining disparate impact in sparse models. ICLR
 *   2024, arXiv:2310.20673. Cotter et al.: Optimization with non-differentiable constraints. JMLR 20,
 *   2019, arXiv:1809.04198. And Entezari, Saukh: Class-dependent compression of deep neural networks.
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
  const own = parts.budgets.map((one) => one.positiveClass)
  const favours = favouredByParts([...own, parts.plus?.favours])
  const loss = followOutput<Loss>(lossOf(multipliers, parts), { settings, favours, remake })
  const groups = groupLabels(parts.budgets)
  const made = Object.assign(loss, {
    update: multipliers.update,
    compareWith: multipliers.compareWith,
    memory: multipliers.memory,
    atRound,
    multipliers: {},
    feasibility: [],
    ...(groups && { groups }),
  })
  const read = () =>
    Object.fromEntries(
      parts.budgets.flatMap(({ positiveClass, group }, i) =>
        group === undefined ? [[positiveClass, multipliers.values[i]!]] : [],
      ),
    )
  return Object.defineProperties(made, {
    multipliers: { get: read, enumerable: true },
    feasibility: { get: () => multipliers.feasibility, enumerable: true },
  })
}

function lossOf(multipliers: Multipliers, parts: Parts): Loss {
  const { budgets, plus, output } = parts
  const positiveClass = Math.max(...budgets.map((budget) => budget.positiveClass))
  const name = 'falseNegativeBudget'
  const isGrouped = groupLabels(budgets) !== undefined
  const costOf = (labels: Tensor, yPred: Tensor, groups: Tensor | undefined): Scalar => {
    const batch = checkBatch(labels, yPred, { name, positiveClass })
    if (groups) {
      const { values } = multipliers
      return budgetCrossentropy(labels, yPred, { batch, budgets, values, output, groups })
    }
    const weights = Array.from({ length: batch.classes }, () => 1)
    for (const [i, budget] of budgets.entries())
      weights[budget.positiveClass]! += multipliers.values[i]!
    return weightedCrossentropy({ weights, output })(labels, yPred)
  }
  return (yTrue: Tensor, yPred: Tensor): Scalar =>
    tidy(() => {
      const [labels, groups] = isGrouped ? groupColumns(yTrue) : [yTrue, undefined]
      const cost = costOf(labels, yPred, groups)
      return plus ? add(cost, plus(labels, yPred)) : cost
    })
}

function settingsOf({ values }: Multipliers, { budgets, plus, output }: Parts) {
  const described = budgets.map((budget, i) => ({ ...budget, start: values[i]! }))
  const added = plus ? { plus: plus.settings ?? {} } : {}
  return {
    budgets: described,
    ...(groupLabels(budgets) && { grouped: true }),
    positiveClass: budgets[0]!.positiveClass,
    output,
    ...added,
  }
}
