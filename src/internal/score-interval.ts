import type { Interval } from '../types.js'
import type { AucInterval } from './auc-interval.js'

interface Sides {
  /** Samples of each side. */
  readonly positives: number
  readonly negatives: number
  /** Standard deviations that the normal distribution asks for on both sides. */
  readonly deviations: number
}

/**
 * {theta : |A - theta| <= z sd(theta)} of an area A, with the larger of two variances: Newcombe's,
 * and DeLong's moved to theta. Both are symmetric in theta and 1 - theta.
 */
export function scoreInterval({ auc, variance }: AucInterval, sides: Sides): Interval {
  if (Number.isNaN(auc)) return { lower: Number.NaN, upper: Number.NaN }
  const lower = (area: number) =>
    Math.min(newcombeBound(area, sides), wilsonBound(area, { ...sides, variance }))
  return { lower: lower(auc), upper: 1 - lower(1 - auc) }
}

/** Whether so few pairs of the smaller side are lost, or won, that DeLong's variance is a guess. */
export function hasFewLostPairs(auc: number, sides: Omit<Sides, 'deviations'>): boolean {
  return Math.min(sides.positives, sides.negatives) * Math.min(auc, 1 - auc) < 10
}

/** The theta below the area with (A - theta)^2 = z^2 V(theta), by bisection. */
function newcombeBound(area: number, { positives: n, negatives: m, deviations }: Sides): number {
  const half = (n + m) / 2 - 1
  const excess = (theta: number) => {
    const inflation = 1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta))
    return (area - theta) ** 2 - (deviations ** 2 * theta * (1 - theta) * inflation) / (n * m)
  }
  let [outside, inside] = [0, area]
  for (let i = 0; i < 60; i++) {
    const middle = (outside + inside) / 2
    if (excess(middle) > 0) outside = middle
    else inside = middle
  }
  return inside
}

/**
 * Wilson's lower bound for as many samples as DeLong's variance is worth, A (1 - A) / variance. The
 * deviations are those of Student's distribution, by the first term of its expansion in the normal
 * one. The area itself where the variance tells nothing.
 */
function wilsonBound(
  area: number,
  { positives, negatives, variance, deviations }: Sides & { readonly variance: number },
): number {
  if (!(variance > 0)) return area
  const freedom = Math.min(positives, negatives) - 1
  const reach = deviations * (1 + (deviations ** 2 + 1) / (4 * freedom))
  const square = (reach ** 2 * variance) / (area * (1 - area))
  const root = Math.sqrt(square * (area * (1 - area) + square / 4))
  return area ** 2 / (area + square / 2 + root)
}
