import type { Evaluation } from './evaluation.js'
import type { RoundReport } from './round-report.js'

/** The decision of a {@link StoppingRule} after a round. */
export interface StoppingDecision {
  /** No further round is needed. */
  readonly stop: boolean
  /** Why `keep` is kept, or why no round is, in words with the numbers. */
  readonly reason: string
  /** Why the rule stops or goes on after the last round, in words. @default `reason` */
  readonly latest?: string
  /** Index of the round to keep; `undefined` when no finished round meets the rule. */
  readonly keep: number | undefined
  /** Indices of all rounds that meet the rule; left out when it accepts every round. */
  readonly feasible?: readonly number[]
}

/**
 * Looks at the finished rounds, the dense one first. It is called after each round. Before
 * training and where rules are combined it is called once with no rounds, and may throw then: so a
 * factory that was not called is found early. Where `evaluate` has no check it also sees a round of
 * the untrained model before training. `StoppingRule<object>` looks at no evaluation.
 */
export type StoppingRule<E = Evaluation> = (rounds: readonly RoundReport<E>[]) => StoppingDecision
