import type { BudgetFeasibility, NumberArray } from '../types.js'
import { type BudgetState, feasibilityOf, nextState, openBudget } from './budget-state.js'
import type { FilledBudget } from './class-budget.js'
import { type MeasuredOutcomes, measuredRates } from './measured-rates.js'

/**
 * The multipliers of the budgets during one round: they begin at `start`, and updates move them.
 */
export interface Multipliers {
  /** The present multiplier of each budget, in the order of the budgets. */
  readonly values: readonly number[]
  /** How each budget stands. */
  readonly feasibility: readonly BudgetFeasibility[]
  readonly update: (measured: NumberArray | MeasuredOutcomes) => void
  readonly compareWith: (dense: NumberArray | MeasuredOutcomes) => void
  readonly memory: LossMemory
}

/** The numbers that the updates of a loss move: a training that goes on writes them back. */
export interface LossMemory {
  /** The present numbers: plain data. */
  readonly read: () => unknown
  /** Takes numbers that were read before, of a loss with the same options. */
  readonly write: (numbers: unknown) => void
}

/** Multipliers as they are at the beginning of a round. */
export function multipliersAt(round: number, budgets: readonly FilledBudget[]): Multipliers {
  let states = budgets.map((budget) => openBudget(budget, round))
  return {
    get values() {
      return states.map(({ multiplier }) => multiplier)
    },
    get feasibility() {
      return budgets.map((budget, i) => feasibilityOf(states[i]!, budget))
    },
    update: (measured) => {
      const rates = measuredRates(measured, budgets)
      states = budgets.map((budget, i) => nextState(states[i]!, rates[i]!, budget))
    },
    compareWith: (dense) => {
      const rates = measuredRates(dense, budgets)
      states = states.map((state, i) => {
        return Number.isNaN(rates[i]!) ? state : { ...state, dense: rates[i]! }
      })
    },
    memory: {
      read: () => states.map((state) => ({ ...state })),
      write: (numbers) => {
        states = (numbers as readonly BudgetState[]).map((state) => ({ ...state }))
      },
    },
  }
}
