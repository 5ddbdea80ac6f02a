import { checkPositive } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import { checkSelector, matches, type Selector } from '../select/selector.js'
import type { AllocationRequest, Allocator } from '../types.js'
import { budgetOf } from './budget-of.js'
import { selectableRequest } from './selectable-request.js'

/** How dense some weights stay, relative to the others. */
export interface WeightFactor {
  /** The weights that it holds for. */
  readonly include: Selector
  /** Density relative to that of a weight of factor 1: a finite number above 0. */
  readonly factor: number
}

const TASK = 'share out the density in proportion'

/**
 * Densities in a given proportion: weight i keeps the share epsilon * factor_i of its elements, at
 * most all of them.
 *
 * Epsilon is solved so that round(total size * density) elements stay in all. A weight that would
 * leave its minimum or maximum gets that bound, and epsilon is solved again for the others. Shares
 * become whole numbers by the largest remainder, equal ones in the order of the model, so that the
 * sum is exact as long as the bounds allow it. The scores do not count. With a factor of 1 for all
 * it is {@link perLayer} with an exact sum; {@link erdosRenyiKernel} is the form with factors from
 * the shapes.
 *
 * @param factors A function that gives each weight's factor; or a list, where weights that no entry
 *   names have factor 1.
 * @returns An allocator. It throws a RangeError if a factor is not finite or not above 0, an entry
 *   names no weight, or two entries name the same one.
 * @throws {TypeError} If `factors` is neither a function nor a list, or a factor of the list is no
 *   number.
 * @throws {RangeError} If a factor of the list is not finite or not above 0.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, proportional } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ name: 'hidden', units: 10, inputShape: [4] })
 * const model = sequential({ layers: [hidden, layers.dense({ name: 'out', units: 2 })] })
 * const allocate = proportional([{ include: 'out', factor: 4 }])
 * const mask = await computeMask(model, { density: 0.25, allocate })
 * // 40 epsilon + 20 * 4 epsilon = 15: densities of an eighth and a half
 * if (mask.weights.map(({ kept }) => kept).join() !== '5,10') throw new Error('out is 4 times as dense')
 * ```
 */
export function proportional(
  factors: ((weight: AllocationRequest) => number) | readonly WeightFactor[],
): Allocator {
  if (Array.isArray(factors)) {
    for (const [i, { factor }] of factors.entries())
      checkPositive(factor, { task: TASK, name: `factors[${i}].factor` })
  } else if (typeof factors !== 'function') {
    throw optionError(
      new TypeError(
        `Cannot ${TASK}: expected a function or a list of factors, got ${typeof factors}`,
      ),
    )
  }
  return (weights, density) => {
    const factorOf = typeof factors === 'function' ? factors : listedFactors(factors, weights)
    const shares = weights.map((weight) => {
      const factor = factorOf(weight)
      checkFactor(factor, weight.name)
      return factor * weight.size
    })
    const budget = budgetOf(weights, density)
    return roundToSum(quotasOf(weights, shares, budget), weights, budget)
  }
}

/** Throws unless the answer of the caller's function is a finite number above 0. */
function checkFactor(factor: unknown, name: string): void {
  if (Number.isFinite(factor) && (factor as number) > 0) return
  const message = `Cannot ${TASK}: expected the factor of ${name} to be a finite number above 0, got ${String(factor)}`
  throw typeof factor === 'number' ? new RangeError(message) : new TypeError(message)
}

function listedFactors(factors: readonly WeightFactor[], weights: readonly AllocationRequest[]) {
  const selectable = weights.map(selectableRequest)
  for (const entry of factors) checkSelector('factors', entry.include, selectable)
  return (weight: AllocationRequest): number => {
    const entries = factors.filter((entry) => matches(entry.include, selectableRequest(weight)))
    if (entries.length > 1) {
      throw new RangeError(
        `Cannot ${TASK}: expected one factor for ${weight.name}, got ${entries.length}`,
      )
    }
    return entries[0]?.factor ?? 1
  }
}

/**
 * Parts of the budget in proportion to the shares, within the bounds. Of the bounds that are
 * broken, those on the side with the larger excess hold in the final answer too: epsilon can only
 * move away from them.
 */
function quotasOf(
  weights: readonly AllocationRequest[],
  shares: readonly number[],
  budget: number,
): number[] {
  const quotas = new Array<number>(weights.length)
  let free = [...weights.keys()]
  let left = budget
  while (free.length > 0) {
    const total = free.reduce((sum, i) => sum + shares[i]!, 0)
    const wanted = (i: number) => left * (shares[i]! / total)
    const over = (i: number) => Math.max(0, wanted(i) - weights[i]!.maximumKept)
    const under = (i: number) => Math.max(0, weights[i]!.minimumKept - wanted(i))
    const surplus = free.reduce((sum, i) => sum + over(i), 0)
    const shortage = free.reduce((sum, i) => sum + under(i), 0)
    const fixed: number[] = []
    for (const i of free) {
      if (surplus === 0 && shortage === 0) quotas[i] = wanted(i)
      else if (surplus >= shortage && over(i) > 0) quotas[i] = weights[i]!.maximumKept
      else if (shortage > surplus && under(i) > 0) quotas[i] = weights[i]!.minimumKept
      else continue
      fixed.push(i)
    }
    left -= fixed.reduce((sum, i) => sum + quotas[i]!, 0)
    free = free.filter((i) => !fixed.includes(i))
  }
  return quotas
}

/** Whole numbers of the same sum: rounded down, and one more for the largest remainders. */
function roundToSum(
  quotas: readonly number[],
  weights: readonly AllocationRequest[],
  budget: number,
): number[] {
  const counts = quotas.map(Math.floor)
  const left = budget - counts.reduce((sum, count) => sum + count, 0)
  // Remainders that differ in the last bits only, by the rounding of the quotas, count as equal.
  const remainder = (i: number) => Math.round((quotas[i]! - counts[i]!) * 2 ** 20)
  const open = [...counts.keys()].filter((i) => counts[i]! < weights[i]!.maximumKept)
  const first = open.sort((a, b) => remainder(b) - remainder(a) || a - b).slice(0, left)
  const raised = new Set(first)
  return counts.map((count, i) => (raised.has(i) ? count + 1 : count))
}
