import { percentOf } from '../charts/in-words.js'
import { lostPositivesByRound } from '../charts/lost-positives-by-round.js'
import { html, type Markup } from './markup.js'
import type { ReportedRun } from './reported-run.js'
import { table } from './table.js'

/** Most places of samples in a cell. */
const MOST = 12

/** The positives that compression lost or regained; nothing where predictions are not told. */
export function lostSection(run: ReportedRun): Markup | undefined {
  const levels = lostOrNone(run)
  if (!levels) return undefined
  const rows = levels.map(({ round, density, lost, regained, missedByBoth }) => {
    const counts = [lost, regained, missedByBoth].map((samples) => samples.length)
    return { cells: [round, percentOf(density), ...counts, placesOf(lost)] }
  })
  const head = ['level', 'weights left, %', 'lost', 'regained', 'missed by both', 'samples lost']
  return html`<section><h2>Positives that compression lost</h2>
<p>Lost: found by the dense network, missed at this level. Regained: the other way round. Of
${levels[0]!.positives} positives.</p>
${table({ name: 'Lost positives', head, rows, endsInWords: true })}</section>`
}

function lostOrNone(run: ReportedRun) {
  try {
    return lostPositivesByRound(run)
  } catch (error) {
    if (error instanceof RangeError) return undefined // the charts that are left out tell it
    throw error
  }
}

function placesOf(samples: Int32Array): string {
  if (samples.length === 0) return '–'
  const more = samples.length - MOST
  return `${samples.slice(0, MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
