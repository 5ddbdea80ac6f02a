import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything, checkCount, numberThat, required } from '../internal/option-checks.js'
import {
  checkSelector,
  type LeftWeight,
  matches,
  type SelectableWeight,
  type Selector,
} from './selector.js'

const SLACK = 4 * Number.EPSILON

/**
 * Bounds on the elements that stay of some weights. The narrowest limit that names a weight holds.
 */
export interface WeightLimit {
  /** The weights that it holds for. */
  readonly include: Selector
  /** Least number of elements that stay in each of them, a whole number of at least 1. */
  readonly minimumKept?: number
  /** Largest number of elements that stay in each of them, a whole number of at least 1. */
  readonly maximumKept?: number
  /** Least share that stays in each of them, in [0, 1]; rounded up to whole elements. */
  readonly minimumDensity?: number
  /**
   * Largest share that stays in each of them once pruning has begun, in (0, 1]; rounded down, at
   * least 1 element.
   */
  readonly maximumDensity?: number
}

const checks: OptionChecks<WeightLimit> = {
  include: required(anything),
  minimumKept: checkCount,
  maximumKept: checkCount,
  minimumDensity: numberThat('a share in [0, 1]', (share) => share >= 0 && share <= 1),
  maximumDensity: numberThat('a share in (0, 1]', (share) => share > 0 && share <= 1),
}

/** Throws unless a limit names one of the weights and its numbers are in range. */
export function checkLimit(
  limit: WeightLimit,
  weights: readonly SelectableWeight[],
  left: readonly LeftWeight[],
): void {
  checkOptions(limit, { task: 'select weights', checks })
  checkSelector('limits', limit.include, weights, left)
}

/** Least and largest number of elements that the limits leave of a weight. */
export function bounds(
  weight: SelectableWeight,
  limits: readonly WeightLimit[],
): { minimumKept: number; maximumKept: number } {
  let minimumKept = 1
  let maximumKept = weight.size
  for (const limit of limits) {
    if (!matches(limit.include, weight)) continue
    const { minimumKept: least = 1, maximumKept: most = weight.size } = limit
    const { minimumDensity = 0, maximumDensity = 1 } = limit
    // 100 * 0.07 is a little above 7 and 100 * 0.29 a little below 29: the slack undoes the
    // rounding of the product.
    const lowest = Math.ceil(weight.size * minimumDensity * (1 - SLACK))
    const highest = Math.floor(weight.size * maximumDensity * (1 + SLACK))
    minimumKept = Math.max(minimumKept, Math.min(least, weight.size), lowest)
    maximumKept = Math.min(maximumKept, most, Math.max(1, highest))
  }
  if (minimumKept > maximumKept) {
    throw new RangeError(
      `Cannot select weights: expected limits of ${weight.name} that leave room, ` +
        `got at least ${minimumKept} and at most ${maximumKept}`,
    )
  }
  return { minimumKept, maximumKept }
}
