import { add, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { checkOptionNames } from '../internal/check-option-names.js'
import { describe } from '../internal/describe.js'
import {
  checkChoice,
  checkIndex,
  checkNotNegative,
  checkNumber,
} from '../internal/option-checks.js'
import type { Loss, LossSchedule, NumberArray } from '../types.js'
import { checkBatch } from './labels.js'
import {
  type MeasuredOutcomes,
  type MultiplierRule,
  nextMultiplier,
  ratesOf,
} from './multipliers.js'
import { weightedCrossentropy } from './weighted-crossentropy.js'

/** The misses that one class may have, and how hard the loss works for that. */
export interface ClassBudget {
  /** Class whose samples must not be missed. */
  readonly class: number
  /** Largest false-negative rate wanted, in [0, 1). */
  readonly atMost: number
  /**
   * Step size: how much the multiplier grows when every sample is missed. Finite, at least 0.
   * @default 10
   */
  readonly eta?: number
  /** Multiplier that a round begins with, or one per round; from 0 to `maximum`. @default 0 */
  readonly start?: number | ((round: number) => number)
  /** Upper limit of the multiplier; finite, at least 0. @default 100 */
  readonly maximum?: number
}

/** Options of {@link falseNegativeBudget}. */
export interface FalseNegativeBudgetOptions {
  /**
   * A loss to add, such as `squaredHingeRank({ lambda: 5 })`; it gets no multiplier. @default none
   */
  readonly plus?: Loss
  /** What the model gives: raw scores, or the outcome of a sigmoid or softmax. @default 'logits' */
  readonly output?: 'logits' | 'probabilities'
}

/** A loss whose class weights follow the misses; made by {@link falseNegativeBudget}. */
export interface FalseNegativeBudget extends Loss, LossSchedule {
  /** The present multiplier of each class that has a budget. */
  readonly multipliers: Readonly<Record<number, number>>
  /**
   * Moves the multipliers. `measured` holds one false-negative rate per class, NaN without
   * positives; or is what `evaluateOn` gives: `labels` and `predictions`, or for a single budget
   * its `falseNegativeRate`.
   */
  readonly update: (measured: NumberArray | MeasuredOutcomes) => void
  /** A loss of its own for one round: it begins at `start`, whatever became of this one. */
  readonly atRound: (round: number) => FalseNegativeBudget
}

const task = 'make falseNegativeBudget'

/**
 * Cross-entropy whose class weights grow as long as a class is missed too often.
 *
 * L = L_wCE(gamma), gamma_c = 1 + mu_c, and after each epoch mu_c <- [mu_c + eta_c (FNR_c -
 * b_c)]_+, at most `maximum`. The weights are scaled to sum to the number of classes, as in
 * {@link weightedCrossentropy}.
 *
 * A multiplier guarantees nothing on unseen data: it moves the rate of the samples that are
 * measured, and a network that knows its training data by heart misses none of them. Measure on
 * validation data, and for a bound that holds use `certify` on samples that were used for nothing
 * else.
 *
 * In a loop of one's own, or with `model.compile`, call `update` after each epoch. `fit` does so
 * itself, and begins every round anew at `start`: no state passes from round to round or from run
 * to run, so that a resumed run equals an uninterrupted one. To carry multipliers on, give
 * `byRound` a function that returns the same budget every time, and `start` what they were when you
 * resume. With `eta: 0` the weights are constant: `start: (round) => (round === 0 ? 0 : 4)` is the
 * paper's gamma, 1 in the first round and 5 after.
 *
 * @param budgets The budget of one class, or of several.
 * @param options What to add to the loss, and what the model gives.
 * @returns A loss of `yTrue` and `yPred`, in the shapes that {@link weightedCrossentropy} takes,
 *   and a loss schedule. The caller disposes the scalar that it returns. A call throws a TypeError
 *   for shapes that do not fit, and a RangeError if the model has no class of a budget. `update`
 *   throws before it moves anything: a TypeError for what holds no rates, a RangeError for a rate
 *   outside [0, 1] or a class without one; NaN leaves a multiplier as it is.
 * @throws {TypeError} If an option is unknown or of the wrong type, or there is no budget.
 * @throws {RangeError} If an option is out of range, or a class has two budgets.
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { falseNegativeBudget } from 'tfjs-prune/losses'
 *
 * const loss = falseNegativeBudget({ class: 1, atMost: 0.1, eta: 10 })
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
  checkOptionNames(options, { task, known: ['plus', 'output'] })
  const { plus, output = 'logits' } = options
  checkChoice(output, ['logits', 'probabilities'], { task, name: 'output' })
  if (plus !== undefined && typeof plus !== 'function') {
    throw new TypeError(`Cannot ${task}: expected plus to be a loss, got ${describe(plus)}`)
  }
  if (plus && 'update' in plus) {
    throw new TypeError(
      `Cannot ${task}: expected plus to have no update step of its own, got one: list its budgets`,
    )
  }
  const filled = (Array.isArray(budgets) ? budgets : [budgets]).map(checkBudget)
  if (filled.length === 0)
    throw new TypeError(`Cannot ${task}: expected at least one budget, got none`)
  filled.forEach(({ class: index }, place) => {
    if (filled.findIndex((other) => other.class === index) === place) return
    throw new RangeError(`Cannot ${task}: expected one budget for class ${index}, got two`)
  })
  return budgetAt(0, { budgets: filled, plus, output })
}

interface Parts {
  readonly budgets: readonly (MultiplierRule & {
    readonly start: number | ((round: number) => number)
  })[]
  readonly plus: Loss | undefined
  readonly output: 'logits' | 'probabilities'
}

function budgetAt(round: number, parts: Parts): FalseNegativeBudget {
  const { budgets, plus, output } = parts
  let multipliers = budgets.map((budget) => startOf(budget, round))
  const classes = budgets.map((budget) => budget.class)
  const highest = Math.max(...classes)
  const loss = (yTrue: Tensor, yPred: Tensor): Scalar => {
    const batch = checkBatch(yTrue, yPred, { name: 'falseNegativeBudget', positiveClass: highest })
    const weights = Array.from(
      { length: batch.classes },
      (_, c) => 1 + (multipliers[classes.indexOf(c)] ?? 0),
    )
    const crossentropy = weightedCrossentropy({ weights, output })
    return tidy(() =>
      plus ? add(crossentropy(yTrue, yPred), plus(yTrue, yPred)) : crossentropy(yTrue, yPred),
    )
  }
  const update = (measured: NumberArray | MeasuredOutcomes) => {
    const rates = ratesOf(measured, classes)
    multipliers = budgets.map((budget, i) => nextMultiplier(multipliers[i]!, rates[i]!, budget))
  }
  const atRound = (next: number) => {
    checkIndex(next, { task: 'choose the loss of a round', name: 'round' })
    return budgetAt(next, parts)
  }
  const described = budgets.map(({ start, ...budget }, i) => ({
    ...budget,
    start: multipliers[i]!,
  }))
  const added = plus ? { plus: plus.settings ?? {} } : {}
  const settings = { budgets: described, positiveClass: classes[0]!, output, ...added }
  const made = Object.assign(loss, { settings, update, atRound, multipliers: {} })
  const read = () => Object.fromEntries(classes.map((index, i) => [index, multipliers[i]!]))
  return Object.defineProperty(made, 'multipliers', { get: read, enumerable: true })
}

function checkBudget(budget: ClassBudget): Parts['budgets'][number] {
  checkOptionNames(budget, { task, known: ['class', 'atMost', 'eta', 'start', 'maximum'] })
  const { class: index, atMost, eta = 10, start = 0, maximum = 100 } = budget
  checkIndex(index, { task, name: 'class' })
  checkNumber(atMost, {
    task,
    name: 'atMost',
    wanted: 'in [0, 1)',
    accepts: (rate) => rate >= 0 && rate < 1,
  })
  checkNotNegative(eta, { task, name: 'eta' })
  checkNotNegative(maximum, { task, name: 'maximum' })
  const filled = { class: index, atMost, eta, start, maximum }
  startOf(filled, 0)
  return filled
}

function startOf({ start, maximum }: Parts['budgets'][number], round: number): number {
  const value = typeof start === 'function' ? start(round) : start
  const name = typeof start === 'function' ? `start of round ${round}` : 'start'
  const accepts = (multiplier: number) => multiplier >= 0 && multiplier <= maximum
  checkNumber(value, { task, name, wanted: `from 0 to the maximum of ${maximum}`, accepts })
  return value
}
