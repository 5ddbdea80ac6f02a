import { ledger } from '../../metrics/ledger.js'
import { percent } from '../charts/in-words.js'
import { html, type Markup, type Part } from './markup.js'
import type { ReportedRound, ReportedRun } from './reported-run.js'
import { lostSides } from './warning-section.js'

/** The few numbers that a reader looks for first, those of the dense network beside them. */
export function factsSection({ rounds }: ReportedRun, round: ReportedRound): Markup {
  const rows = ledger(rounds)
  const now = rows.find((row) => row.round === round.round)!
  const dense = rows.find((row) => row.round === 0 && row !== now)
  const { positives, negatives } = countsOf(round)
  const lost = lostSides(round)
  const before = (value: string | number | null | undefined) =>
    dense && value !== null && value !== undefined && `dense: ${value}`
  return html`<dl class="facts">
${fact('weights left', percent(now.density), `${now.kept.toLocaleString('en-US')} of the prunable ones`)}
${now.falseNegatives !== null && fact('missed', of(now.falseNegatives, positives), before(dense?.falseNegatives), lost.positives)}
${now.falsePositives !== null && fact('false alarms', of(now.falsePositives, negatives), before(dense?.falsePositives), lost.negatives)}
${now.auc !== null && fact('AUC', now.auc.toFixed(3), before(dense?.auc?.toFixed(3)))}</dl>`
}

/** A tile; one whose count is that of all samples, `lost`, warns. */
const fact = (name: string, value: string, note: Part, lost?: number) =>
  html`<div${lost !== undefined && html` class="lost"`}><dt>${name}</dt><dd>${value}${lost !== undefined && html`<small>all of them</small>`}${note && html`<small>${note}</small>`}</dd></div>`

const of = (count: number, all: number | undefined) =>
  all === undefined ? `${count}` : `${count} of ${all}`

function countsOf({ evaluation }: ReportedRound) {
  const { confusion } = evaluation as { confusion?: Readonly<Record<string, number>> }
  if (!confusion) return {}
  return {
    positives: confusion.truePositives! + confusion.falseNegatives!,
    negatives: confusion.falsePositives! + confusion.trueNegatives!,
  }
}
