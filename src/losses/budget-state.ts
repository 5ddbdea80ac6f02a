import type { BudgetFeasibility } from '../types.js'
import { type FilledBudget, partOf, startOf } from './class-budget.js'

/** One budget in the course of a round: plain data, null where nothing is known. */
export interface BudgetState {
  readonly multiplier: number
  /** Share of its first size that a move has: 1, and after each update a factor of `decay`. */
  readonly pace: number
  /** The rate that was measured last. */
  readonly rate: number | null
  /** The lowest rate since the budget was met. */
  readonly best: number | null
  /** Updates in a row over the budget without a tenth less excess. */
  readonly stalled: number
  /** The dense network's rate. */
  readonly dense: number | null
}

/** A budget as it is at the beginning of a round. */
export function openBudget(budget: FilledBudget, round: number): BudgetState {
  const multiplier = startOf(budget, round)
  return { multiplier, pace: 1, rate: null, best: null, stalled: 0, dense: null }
}

/**
 * The rate that a budget asks for; undefined where the dense network's is not known, or is nothing to
 * compare with. It is a rate: 1 at most.
 */
function limitOf(budget: FilledBudget, state: BudgetState): number | undefined {
  if (budget.of === undefined) return budget.maximumFalseNegativeRate
  const { dense } = state
  return dense === null || isBaseless(budget, state) ? undefined : Math.min(dense + budget.slack, 1)
}

/** Whether a budget is the rate of a dense network that misses every sample. */
function isBaseless({ of }: FilledBudget, { dense }: BudgetState): boolean {
  return of === 'dense' && dense === 1
}

/** The budget after an update. NaN moves nothing. */
export function nextState(state: BudgetState, rate: number, budget: FilledBudget): BudgetState {
  if (Number.isNaN(rate)) return state
  const limit = limitOf(budget, state)
  if (limit === undefined) return { ...state, rate }
  const excess = rate - limit
  const leastExcess = state.best === null ? Number.POSITIVE_INFINITY : state.best - limit
  const isStalled = excess > 0 && excess > 0.9 * leastExcess
  const stalled = isStalled ? state.stalled + 1 : 0
  const best = excess <= 0 ? null : Math.min(rate, state.best ?? rate)
  const moved = { ...state, pace: budget.decay * state.pace, rate, best, stalled }
  return { ...moved, multiplier: nextMultiplier(state, { ...budget, excess, stalled }) }
}

/**
 * Over the limit the multiplier rises by pace step (FNR - b), at most by maximum / (patience + 1):
 * one bad epoch is no leap, and a budget out of reach is found out before the maximum. Out of reach
 * it stays. Within the limit it falls.
 */
function nextMultiplier(
  { multiplier, pace }: BudgetState,
  now: FilledBudget & { readonly excess: number; readonly stalled: number },
): number {
  const { excess, stalled, patience, maximumMultiplier, recovery, stepSize } = now
  if (excess <= 0) return multiplier * (1 - pace * (1 - recovery))
  if (stalled >= patience) return multiplier
  const rise = pace * Math.min(stepSize * excess, maximumMultiplier / (patience + 1))
  return Math.min(multiplier + rise, maximumMultiplier)
}

/** How a budget stands, with the reason in words. */
export function feasibilityOf(state: BudgetState, budget: FilledBudget): BudgetFeasibility {
  const { positiveClass, group, patience } = budget
  const { rate, dense, stalled, multiplier } = state
  const limit = limitOf(budget, state)
  const facts = {
    ...{ positiveClass, multiplier },
    ...(group !== undefined && { group }),
    ...(limit !== undefined && { limit }),
    ...(rate !== null && { rate }),
    ...(dense !== null && { dense }),
  }
  const own = `budget ${told(limit ?? Number.NaN)} of ${partOf(budget)}`
  const beside =
    dense !== null && limit !== undefined && limit < dense
      ? `, below the ${told(dense)} of the dense network`
      : ''
  if (isBaseless(budget, state)) {
    const why = 'the dense network, which it is compared with, misses all'
    return { ...facts, state: 'infeasible', reason: `budget of ${partOf(budget)}: ${why}` }
  }
  if (limit === undefined)
    return { ...facts, state: 'unmeasured', reason: 'the dense network is not measured' }
  if (rate === null)
    return { ...facts, state: 'unmeasured', reason: `${own}${beside}: nothing is measured` }
  if (rate <= limit)
    return { ...facts, state: 'met', reason: `${own}${beside}: met with ${told(rate)}` }
  if (stalled < patience)
    return { ...facts, state: 'open', reason: `${own}${beside}: not met yet, with ${told(rate)}` }
  const reason = `${own}${beside}: out of reach, with ${told(rate)} after ${stalled} updates`
  return { ...facts, state: 'infeasible', reason: `${reason} without progress` }
}

const told = (rate: number) => String(Number(rate.toPrecision(3)))
