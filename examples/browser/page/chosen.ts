import { POSITIVES, percent } from '../shared/words.js'
import { choiceOf } from './choice.js'
import { countsAt } from './counts.js'
import { byId, say } from './elements.js'
import type { RunView, State } from './state.js'

/** Tells which level the budget keeps in each run that is finished. */
export function showChoice(state: State): void {
  say(byId('choice'), choiceInWords(state).join(' '))
}

/** A sentence for each finished run. */
export const choiceInWords = (state: State): string[] =>
  state.runs.flatMap((run) => sentenceOf(run, state) ?? [])

function sentenceOf(run: RunView, state: State): string | undefined {
  const choice = choiceOf(run, state.choices)
  if (!choice) return undefined
  const { budget, data } = state.choices
  const { one, many } = POSITIVES[data]
  const start = `The budget of ${budget} missed ${budget === 1 ? one : many} keeps`
  const report = choice.keep === undefined ? undefined : run.reports[choice.keep]
  if (!report) return `${start} no level of ${run.loss}: ${whyNone(run, budget)}.`
  const { misses, positives } = countsAt(report.evaluation, 0)
  return (
    `${start} level ${report.round} of ${run.loss}: ${percent(report.density)} of the weights, ` +
    `${misses} of ${positives} missed.`
  )
}

function whyNone({ reports }: RunView, budget: number): string {
  const least = Math.min(...reports.map(({ evaluation }) => countsAt(evaluation, 0).misses))
  return least > budget
    ? `each misses at least ${least}`
    : 'those that miss so few raise too many false alarms'
}
