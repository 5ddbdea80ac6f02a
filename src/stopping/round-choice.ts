import type { RoundReport } from '../types.js'

/** One row of the table of `chooseRound`. */
export interface ChoiceRow {
  readonly index: number
  readonly round: number
  readonly density: number
  /** The value to make small. */
  readonly value: number
  /** Per constraint, in the order given. */
  readonly meets: readonly boolean[]
  /** All constraints are met and the value is a number. */
  readonly feasible: boolean
}

/** The reason for a choice, and the numbers behind it. */
export interface Grounds {
  /** Why, in words with the numbers. */
  readonly reason: string
  /** All rounds in the order given. */
  readonly table: readonly ChoiceRow[]
}

/** The answer of `chooseRound`; look at `feasible` first. */
export type RoundChoice<R extends RoundReport> =
  | (Grounds & { readonly feasible: true; readonly round: R; readonly index: number })
  | (Grounds & { readonly feasible: false; readonly round: undefined; readonly index: undefined })
