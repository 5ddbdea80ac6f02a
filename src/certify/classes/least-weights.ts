import type { NumberArray } from '../../types.js'

/** Samples of one limited class, and how many of them may be missed. */
export interface ClassBudget {
  readonly class: number
  /** Probabilities of the samples, row by row. */
  readonly rows: NumberArray
  /** Samples that may be missed; with as many as there are, there is no limit. */
  readonly misses: number
}

/** A weight lies this much above the one at which a sample is undecided. */
const ABOVE = 1 + 1e-9
/** Weights stay finite. */
const LARGEST = 1e300
const SWEEPS = 1000

/**
 * The least class weights of at least 1 that keep every budget; classes without a budget have 1.
 *
 * A larger weight of class k lowers the misses of k and raises those of all others. So of two
 * feasible lists of weights the lower of each pair is feasible too, and there is a least feasible
 * list: no feasible one has fewer misses in any class without a budget. It is found from below, by
 * raising each limited class just to its budget until none has to be raised, or until one lies
 * above all that a least feasible list can hold.
 *
 * @param budgets The limited classes with at least one sample each.
 * @param classes Number of classes.
 * @returns The weights; undefined where there are none, or none were found in 1,000 sweeps.
 */
export function leastWeights(
  budgets: readonly ClassBudget[],
  classes: number,
): readonly number[] | undefined {
  const weights = new Array<number>(classes).fill(1)
  if (budgets.some((one) => budgets.some((other) => contradict(one, other, classes))))
    return undefined
  const largest = largestWeight(budgets, classes)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let raised = false
    for (const budget of budgets) {
      const needed = neededWeight(budget, weights)
      if (needed <= weights[budget.class]!) continue
      if (needed > largest) return undefined
      weights[budget.class] = needed
      raised = true
    }
    if (!raised) return weights
  }
  return undefined
}

/**
 * A bound on the weights of a least feasible list. No two neighbours among 1 and its limited
 * weights are further apart than R, the largest ratio of a probability to that of a limited class
 * in the rows: the classes below the gap would never be chosen. So the largest of L is at most R^L.
 */
function largestWeight(budgets: readonly ClassBudget[], classes: number): number {
  let ratio = 1
  for (const { rows } of budgets) {
    for (let begin = 0; begin < rows.length; begin += classes) {
      let [most, least] = [0, Number.POSITIVE_INFINITY]
      for (let k = 0; k < classes; k++) most = Math.max(most, rows[begin + k]!)
      for (const other of budgets) least = Math.min(least, rows[begin + other.class]!)
      if (most > 0) ratio = Math.max(ratio, most / least)
    }
  }
  return Math.min(LARGEST, (ratio * ABOVE) ** budgets.length)
}

/** The weight from which on a class keeps its budget beside the weights of all others. */
function neededWeight({ class: own, rows, misses }: ClassBudget, weights: NumberArray): number {
  const ratios = ratiosOf(rows, { own, weights })
  const place = ratios.length - 1 - misses
  return place < 0 ? 0 : withMargin(ratios[place]!, weights[own]!)
}

function withMargin(ratio: number, weight: number): number {
  return ratio < weight ? weight : ratio * ABOVE
}

/**
 * Whether two classes cannot both keep their budgets, were they the only ones. With more classes
 * each of them is missed more often.
 */
function contradict(one: ClassBudget, other: ClassBudget, classes: number): boolean {
  if (one.class >= other.class) return false
  const needed = [
    [one, other],
    [other, one],
  ].map(([own, rival]) => {
    const weights = Array.from({ length: classes }, (_, k) => Number(k === rival!.class))
    const ratios = ratiosOf(own!.rows, { own: own!.class, weights })
    return ratios[ratios.length - 1 - own!.misses] ?? 0
  })
  return needed[0]! * needed[1]! > 1
}

/** For each sample the weight at which its own class draws level, in ascending order. */
function ratiosOf(
  rows: NumberArray,
  { own, weights }: { readonly own: number; readonly weights: NumberArray },
): Float64Array {
  const classes = weights.length
  const ratios = new Float64Array(rows.length / classes)
  for (let i = 0; i < ratios.length; i++) {
    let rival = 0
    for (let k = 0; k < classes; k++)
      if (k !== own) rival = Math.max(rival, rows[i * classes + k]! * weights[k]!)
    const probability = rows[i * classes + own]!
    ratios[i] = probability === 0 ? Number.POSITIVE_INFINITY : rival / probability
  }
  return ratios.sort()
}
