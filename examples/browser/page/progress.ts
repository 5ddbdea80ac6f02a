import type { RunEvent } from '../shared/contract.js'
import { POSITIVES, percent } from '../shared/words.js'
import { countsAt } from './counts.js'
import { byId, say } from './elements.js'
import { runOf, type State } from './state.js'

/** Share of the epochs of all chosen runs that are done. */
function shareDone(state: State): number {
  const { losses, levels, epochs } = state.choices
  const done = losses.map((loss) => {
    const run = runOf(state, loss)
    const finished = (run?.reports.length ?? 0) * epochs
    return Math.min(levels * epochs, Math.max(finished, run?.epochs.at(-1)?.epoch ?? 0))
  })
  return done.reduce((sum, one) => sum + one, 0) / (losses.length * levels * epochs)
}

/** Shows how far the runs are, and tells the news. */
export function showProgress(state: State): void {
  say(byId('news'), state.news)
  byId<HTMLProgressElement>('bar').value = shareDone(state)
}

/** Tells a finished level in words, for the live region. */
export function levelInWords(
  state: State,
  { report }: Extract<RunEvent, { kind: 'level' }>,
): string {
  const { misses, positives, falseAlarms, negatives } = countsAt(report.evaluation, 0)
  const { many } = POSITIVES[state.choices.data]
  return (
    `${state.running}, level ${report.round} of ${state.choices.levels - 1}: ` +
    `${percent(report.density)} of the weights, ${misses} of ${positives} ${many} missed, ` +
    `${falseAlarms} of ${negatives} false alarms.`
  )
}

/** Tells the visitor of a problem; nothing takes the last one back. */
export function showProblem(problem?: unknown): void {
  const text = problem instanceof Error ? problem.message : String(problem ?? '')
  say(byId('problem'), text)
}
