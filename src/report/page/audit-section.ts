import type { Audit, Harm } from '../../audit/audit.js'
import { auditFindings } from '../../audit/audit-findings.js'
import { namedParts } from '../../audit/named-parts.js'
import { probability } from '../../audit/short-number.js'
import type { Interval } from '../../types.js'
import { percent } from '../charts/in-words.js'
import { html, type Markup } from './markup.js'
import { table } from './table.js'

const HEAD = ['part', 'samples', 'dense, %', 'pruned, %', 'change, points', 'p', 'lost', 'regained']

/** The harm by class and by group, and the findings of the audit. */
export function auditSection(audit: Audit): Markup {
  const { pairs, samples, confidence, notes } = audit
  const networks = pairs === 1 ? 'one pair of networks' : `${pairs} pairs of networks`
  const rows = namedParts(audit).map(({ name, isNested, harm }) => ({
    cells: [isNested ? `– ${name}` : name, ...cellsOf(harm, pairs)],
  }))
  const sentences = [...auditFindings(audit), ...notes]
  return html`<section><h2>Who pays for the pruning</h2>
<p>Recalls of ${networks} on ${samples} samples, in brackets the interval that holds with a confidence
of ${percent(confidence)}. Lost: recognised by the dense network alone; regained: by the pruned one
alone${pairs > 1 && ', on average over the pairs'}.</p>
${table({ name: 'Recall by class and group', head: HEAD, rows })}
<ul>${sentences.map((text) => html`<li>${text[0]?.toUpperCase()}${text.slice(1)}.</li>\n`)}</ul></section>`
}

function cellsOf(harm: Harm, pairs: number): string[] {
  const { samples, dense, pruned, difference, differenceInterval, pValue, lost, regained } = harm
  return [
    `${samples}`,
    hundredths(dense.recall, dense.interval),
    hundredths(pruned.recall, pruned.interval),
    hundredths(difference, differenceInterval),
    pValue === null ? '–' : probability(pValue),
    `${Number((lost / pairs).toPrecision(3))}`,
    `${Number((regained / pairs).toPrecision(3))}`,
  ]
}

function hundredths(share: number | null, interval: Interval | null): string {
  if (share === null) return '–'
  const tenth = (value: number) => (100 * value).toFixed(1).replace(/^-/, '−')
  const bounds = interval ? ` (${tenth(interval.lower)} to ${tenth(interval.upper)})` : ''
  return `${tenth(share)}${bounds}`
}
