import type { Round } from '../../rounds/round.js'
import type { SkippedLayer } from '../../select/prunable-weights.js'
import type { RoundReport } from '../../types.js'
import type { ChartedRun } from '../charts/charted-run.js'

/** A run that is reported: the result of `prune` is one, and so is `{ rounds }`. */
export interface ReportedRun extends ChartedRun {
  /** Why the kept round is kept, or why no round is. */
  readonly reason?: string
  /** Why the run ended. */
  readonly ended?: string
  /** The stopping rule as it was written, such as `falseNegativesAtMost(3)`. */
  readonly rule?: string
  /** Layers that have weights and were left whole, and why. */
  readonly skipped?: readonly SkippedLayer[]
}

/** The parts of a round that are there where it comes from a run, and not in a plain report. */
export type ReportedRound = RoundReport<object> & Partial<Pick<Round, 'mask' | 'made' | 'rewinder'>>

/** The round that the report is about: the kept one, or else the sparsest. */
export function reportedRound({ rounds }: ReportedRun, shown: number): ReportedRound {
  return rounds.find(({ round }) => round === shown) ?? rounds.at(-1)!
}
