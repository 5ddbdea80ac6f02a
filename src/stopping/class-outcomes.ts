import { smallestProvableRate } from '../certify/positives-needed.js'
import { checkIndex } from '../internal/loss-checks.js'
import { checkInside } from '../internal/rate-checks.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { type BudgetOptions, withinBudget } from './within-budget.js'

/** How sure a bound is, and of which class. */
export interface BoundOptions extends BudgetOptions {
  /**
   * Probability in (0, 1) that the bound of one round holds for new samples; the choice among several rounds is not
   * paid for.
   *
   * @default 0.95
   */
  readonly confidence?: number
  /** Class whose samples must not be missed. @default the positive class of the evaluation */
  readonly class?: number
}

/** Names of the options that all bounds share. */
export const boundOptions = ['confidence', 'class', 'stopAfter'] as const satisfies readonly (keyof BoundOptions)[]

/** Throws unless confidence is in (0, 1) and the class is an index. */
export function checkBound({ confidence = 0.95, class: wanted = 0 }: BoundOptions, task: string): void {
  checkInside(confidence, { task, name: 'confidence' })
  checkIndex(wanted, { task, name: 'class' })
}

/** How many samples a class has and how many of them are missed. */
export interface ClassMisses {
  readonly positives: number
  readonly misses: number
}

/** Counts of the evaluation's own positive class, or of any other by labels and predictions. */
export function missesOf(evaluation: Evaluation, wanted: number | undefined, task: string): ClassMisses {
  if (wanted === undefined || wanted === evaluation.positiveClass) {
    const { truePositives, falseNegatives } = evaluation.confusion
    return { positives: truePositives + falseNegatives, misses: falseNegatives }
  }
  const { labels, predictions } = samplesOf(evaluation, ['labels', 'predictions'], task)
  let [positives, misses] = [0, 0]
  labels.forEach((label, i) => {
    if (label !== wanted) return
    positives++
    if (predictions[i] !== wanted) misses++
  })
  return { positives, misses }
}

type Field = 'labels' | 'predictions' | 'scores' | 'positiveClass'
type With<F extends Field> = { readonly [K in F]-?: NonNullable<Evaluation[K]> }

/** The fields that a rule stands on. Throws where evaluate left one out, or they are not of one length. */
export function samplesOf<F extends Field>(evaluation: Evaluation, fields: readonly F[], task: string): With<F> {
  const missing = fields.find((field) => evaluation[field] === undefined)
  if (missing) {
    const wanted = `evaluate to return ${fields.join(', ')} (as evaluateOn does)`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got no ${missing}`)
  }
  const lists = fields.filter((field) => field !== 'positiveClass')
  const lengths = lists.map((field) => (evaluation[field] as ArrayLike<number>).length)
  const odd = lengths.findIndex((length) => length !== lengths[0])
  if (odd < 0) return evaluation as unknown as With<F>
  const got = `${lengths[odd]} for ${lengths[0]}`
  throw new TypeError(`Cannot ${task}: expected as many ${lists[odd]} as ${lists[0]}, got ${got}`)
}

/** Throws unless two rounds were measured on the same samples. */
export function checkSameSamples(first: Int32Array, second: Int32Array, task: string): void {
  const odd = first === second ? -1 : first.findIndex((label, i) => label !== second[i])
  if (first.length === second.length && odd < 0) return
  const got = first.length === second.length ? `other labels from sample ${odd} on` : `${second.length} samples`
  throw new RangeError(`Cannot ${task}: expected the ${first.length} samples of the first round, got ${got}`)
}

interface Bounded {
  readonly measure: (round: RoundReport, rounds: readonly RoundReport[]) => { value: number; limit: number }
  readonly what: string
  /** What the last round's decision stood on. */
  readonly footing: (round: RoundReport, rounds: readonly RoundReport[]) => string
}

/** A budget whose reasons also tell what the decision stood on. */
export function withinBound({ measure, what, footing }: Bounded, options: BudgetOptions): StoppingRule {
  const rule = withinBudget({ measure, what }, options)
  return (rounds) => {
    const decision = rule(rounds)
    const last = rounds.at(-1)
    return last ? { ...decision, reason: `${decision.reason}; ${footing(last, rounds)}` } : decision
  }
}

/** How many positives there were, and the smallest bound that they could prove. */
export function provable(positives: number, confidence: number): string {
  if (positives === 0) return 'no positives, which prove no bound'
  const rate = smallestProvableRate(positives, 1 - confidence)
  return `${positives} positives, which without a miss prove ${rate.toPrecision(3)} at confidence ${confidence}`
}
