import type { FinishedJob } from '../finished-job.js'
import type { SweepFigures, SweepPoint } from '../job.js'

/** A row of a sweep: the knobs of a job beside its figures. */
export type SweepRow<P extends SweepPoint = SweepPoint> = P & SweepFigures

/** The rows of outcomes, in their order, each joined with its point. */
export function sweepRows<P extends SweepPoint>(
  outcomes: readonly FinishedJob<P>[],
): readonly SweepRow<P>[] {
  return outcomes.flatMap(({ point, rows }) => rows.map((row) => ({ ...point, ...row })))
}

/** Outcomes by the key of their job: of a key, the last one. */
export function byKey(outcomes: readonly FinishedJob[]): Map<string, FinishedJob> {
  return new Map(outcomes.map((outcome) => [outcome.key, outcome]))
}
