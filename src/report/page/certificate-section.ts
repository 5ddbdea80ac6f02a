import type { Certificate } from '../../certify/certificate.js'
import { percent, percentOf } from '../charts/in-words.js'
import { html, type Markup } from './markup.js'
import { table } from './table.js'

/** The promise of a certificate, its tests, and the facts that void it. */
export function certificateSection(certificate: Certificate): Markup {
  const { accepted, maximumFalseNegativeRate, maximumFalsePositiveRate, confidence } = certificate
  const { tested, reason, voidedBy, positives, negatives, levels, method } = certificate
  const rates = `at most ${percent(maximumFalseNegativeRate)} of the positives are missed and at most
${percent(maximumFalsePositiveRate)} of the negatives raise a false alarm`
  const [hold, each, shared] =
    method === 'bonferroni'
      ? ['each holds', 'each', `the error is shared out over ${levels} levels`]
      : ['both hold together', 'both', `each level is tested at the whole error`]
  const promise = accepted
    ? html`<p><strong>Accepted: level ${accepted.round}, ${percent(accepted.density)} of the weights,
with the threshold ${short(accepted.threshold)}.</strong> For new samples drawn as the calibration
samples were, ${rates}: ${hold} with a confidence of ${percent(confidence)}.</p>`
    : html`<p><strong>Refused: no level is accepted, and nothing is promised.</strong> Asked for was
that ${rates}, ${each} with a confidence of ${percent(confidence)}.</p>`
  const head = [
    'level',
    'weights left, %',
    'threshold',
    'missed',
    'p',
    'false alarms',
    'p',
    'outcome',
  ]
  const rows = tested.map((level) => ({
    cells: [
      level.round,
      percentOf(level.density),
      short(level.threshold),
      `${level.falseNegatives} of ${positives}`,
      short(level.falseNegativePValue),
      `${level.falsePositives} of ${negatives}`,
      short(level.falsePositivePValue),
      level.passed ? 'passed' : 'failed',
    ],
    isKept: accepted?.round === level.round,
  }))
  return html`<section><h2>Certificate</h2>
${promise}
<p>It stands on ${positives} positives and ${negatives} negatives, and ${shared}.
${reason[0]?.toUpperCase()}${reason.slice(1)}.</p>
${table({ name: 'Tests of the certificate', head, rows, endsInWords: true })}
<p>It is void if</p>
<ul>${voidedBy.map((fact) => html`<li>${fact}</li>\n`)}</ul></section>`
}

const short = (value: number) => Number(value.toPrecision(4))
