import { percentOf } from '../charts/in-words.js'
import { html, type Markup } from './markup.js'
import type { ReportedRound, ReportedRun } from './reported-run.js'
import { table } from './table.js'

/** What was pruned where: a row a weight, and the layers that were left whole. */
export function weightsSection(run: ReportedRun, round: ReportedRound): Markup | undefined {
  const { weights, densityOverAll, kept } = round
  if (!weights || weights.length === 0) return undefined
  const notes = weights.map(({ name }) => notesOf(name, round).join(', '))
  const endsInWords = notes.some(Boolean)
  const rows = weights.map(({ name, size, kept: own, density }, place) => ({
    cells: [
      ...[name, whole(size), whole(own), percentOf(density)],
      ...(endsInWords ? [notes[place]] : []),
    ],
  }))
  const head = ['weight', 'elements', 'kept', 'kept, %', ...(endsInWords ? ['note'] : [])]
  const skipped = (run.skipped ?? []).map(
    ({ layer, reason }) => html`<li><code>${layer}</code>: ${reason}</li>\n`,
  )
  const left = `${whole(kept)} prunable weights are left`
  return html`<section><h2>Weights at level ${round.round}</h2>
<p>${left}; over all parameters, ${percentOf(densityOverAll)} % stay.</p>
${table({ name: 'Weights', head, rows, endsInWords })}
${skipped.length > 0 && html`<p>Layers that were left whole:</p>\n<ul>${skipped}</ul>`}</section>`
}

const whole = (count: number) => count.toLocaleString('en-US')

function notesOf(name: string, { spared, atMinimum, starved }: ReportedRound): string[] {
  const found = starved?.find((kernel) => kernel.name === name)
  return [
    ...(spared?.includes(name) ? ['left whole as an end of the model'] : []),
    ...(atMinimum?.includes(name) ? ['at its least number'] : []),
    ...(found ? [`starved: ${Number(found.perUnit.toFixed(2))} elements a unit`] : []),
  ]
}
