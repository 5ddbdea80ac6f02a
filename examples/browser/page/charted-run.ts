import type { ReportedRun } from 'tfjs-prune/report'
import { choiceOf } from './choice.js'
import type { RunView, State } from './state.js'

/** A run as the functions of `tfjs-prune/report` take it. */
export function chartedRun(run: RunView, { choices }: State): ReportedRun {
  const { keep, reason } = choiceOf(run, choices) ?? {}
  return {
    name: run.loss,
    rounds: run.reports,
    ...(reason !== undefined && { reason, feasible: keep !== undefined }),
    ...(keep !== undefined && { kept: { round: keep } }),
  }
}
