import { mul } from '@tensorflow/tfjs-core'
import { addAll } from '../internal/add-all.js'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkNotNegative } from '../internal/option-checks.js'
import type { Criterion, Evaluation, NumberArray, RoundReport, ScoredWeight } from '../types.js'
import { combined } from './combined.js'
import { byClass, checkClassIndices } from './of-class.js'
import { recallsOf } from './recalls-of.js'

/** Options of {@link weightedByRecall}. */
export interface WeightedByRecallOptions {
  /** How much a missed class gains: finite, at least 0; with 0 all classes count alike. @default 5 */
  readonly emphasis?: number
  /**
   * The recalls of all classes, in [0, 1] by class index, from an evaluation.
   * @default those of its labels and predictions, or of its two rates for classes 0 and 1
   */
  readonly recalls?: (evaluation: Evaluation) => NumberArray
}

/** The criterion of {@link weightedByRecall}. */
export interface WeightedByRecall extends Criterion {
  readonly forRound: (rounds: readonly RoundReport[]) => Criterion
}

const task = 'make weightedByRecall'
const checks: OptionChecks<WeightedByRecallOptions> = {
  emphasis: checkNotNegative,
  recalls: checkFunction,
}

/**
 * Gives the classes that the last round missed more say in the next step: S = sum_c lambda_c
 * S(samples of class c), with weights lambda that follow the recalls of the round before.
 *
 * lambda_c = exp(emphasis (1 - r_c)) / mean_k exp(emphasis (1 - r_k)), r_c the recall of class c in
 * the evaluation of the last finished round. In `prune` and `pruningRounds` each round has weights
 * of its own, and its report says them in `criterion`; `computeMask`, which knows no rounds, takes
 * all classes alike. Classes differ in the size of their scores as well: write
 * `weightedByRecall(normalised(taylor(), 'sum'), [0, 1])` to begin with equal ones.
 *
 * The evaluation decides what goes: let it be of validation data, never of the test set. A recall
 * moves with the threshold too; where the network only puts its boundary elsewhere, no mask mends
 * that. Sibling of {@link forClasses}, whose weights stay.
 *
 * @param criterion Any criterion that looks at samples, and at nothing else but weights.
 * @param classes Indices of the classes that count, at least two, each once.
 * @param options How much, and where recalls come from.
 * @returns A criterion that needs samples of these classes; its tensor has the weight's shape and
 *   belongs to the caller. It cannot be a part of another one.
 * @throws {TypeError} If the criterion is no function, `classes` no list, or an option has another
 *   type or does not exist.
 * @throws {RangeError} If the criterion looks at weights alone, at flow or movement, or at single
 *   classes already; if a class is no index or named twice, there are fewer than two, or `emphasis`
 *   is out of range. In a run, if a recall is missing or not in [0, 1]: for a class without samples
 *   in the evaluation, say.
 * @see Zhao et al. 2025, Balancing Model Efficiency and Performance: Adaptive Pruner for Long-tailed
 *   Data (LTAP), ICML 2025: feedback from accuracies by class to the scores of the next step. There
 *   classes whose accuracy rose vote for criteria; here recalls weigh classes.
 *
 * @example
 * ```ts
 * import { taylor, weightedByRecall } from 'tfjs-prune'
 *
 * const criterion = weightedByRecall(taylor(), [0, 1], { emphasis: 2 })
 * const evaluation = { falseNegativeRate: 0.5, falsePositiveRate: 0, positiveClass: 1 }
 * const next = criterion.forRound([{ evaluation } as never])
 * const { classes } = next.settings as { classes: Record<number, number> }
 * if (Math.abs(classes[1]! / classes[0]! - Math.E) > 1e-6) throw new Error('exp(2 * 0.5)')
 * ```
 */
export function weightedByRecall(
  criterion: Criterion,
  classes: readonly number[],
  options: WeightedByRecallOptions = {},
): WeightedByRecall {
  checkClassIndices(task, classes)
  checkOptions(options, { task, checks })
  const { emphasis = 5, recalls = recallsOf } = options
  const weighted = withWeights(criterion, classes)
  const forRound = (rounds: readonly RoundReport[]) => {
    const last = rounds.at(-1)
    if (!last) return weighted(classes.map(() => 1))
    return weighted(weightsOf(classes, recalls(last.evaluation), { emphasis, round: last.round }))
  }
  return Object.assign(forRound([]), { forRound })
}

/** Makes the criterion with these weights of the classes. */
function withWeights(criterion: Criterion, classes: readonly number[]) {
  const { needs, scores } = byClass(task, criterion, classes)
  return (lambdas: readonly number[]): Criterion => {
    const score = (weight: ScoredWeight) =>
      addAll(classes.map((index, i) => mul(scores(weight, index), lambdas[i]!)))
    const settings = { classes: Object.fromEntries(classes.map((index, i) => [index, lambdas[i]])) }
    return Object.assign(combined(task, [criterion], score), { needs, settings })
  }
}

interface Feedback {
  readonly emphasis: number
  readonly round: number
}

function weightsOf(
  classes: readonly number[],
  recalls: NumberArray,
  { emphasis, round }: Feedback,
): number[] {
  const own = classes.map((index) => {
    const recall = recalls?.[index]
    if (typeof recall === 'number' && recall >= 0 && recall <= 1) return recall
    throw new RangeError(
      `Cannot weight class ${index}: expected a recall in [0, 1] after round ${round}, got ${recall}`,
    )
  })
  // The largest exponent is 0, so that no exponent overflows.
  const least = Math.min(...own)
  const weights = own.map((recall) => Math.exp(emphasis * (least - recall)))
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length
  return weights.map((weight) => weight / mean)
}
