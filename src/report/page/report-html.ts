import { checkOptions } from '../../internal/check-options.js'
import type { RoundReport } from '../../types.js'
import { oneRun, shownRound } from '../charts/charted-run.js'
import { missesChart } from '../charts/misses-chart.js'
import { auditSection } from './audit-section.js'
import { certificateSection } from './certificate-section.js'
import { chartsSection } from './charts-section.js'
import { factsSection } from './facts-section.js'
import { ledgerSection } from './ledger-section.js'
import { lostSection } from './lost-section.js'
import { asIs, html, type Markup } from './markup.js'
import { pageStyle } from './page-style.js'
import { attempt, reportCharts } from './report-charts.js'
import { type ReportOptions, reportChecks, task } from './report-options.js'
import { type ReportedRun, reportedRound } from './reported-run.js'
import { settingsSection } from './settings-section.js'
import { sizesSection } from './sizes-section.js'
import { warningSection } from './warning-section.js'
import { weightsSection } from './weights-section.js'

/** No script, no network: styles and images of the page itself alone. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/**
 * Writes a report of a run as one HTML file, made to be sent: it needs no network and no script, is
 * readable on a phone, in the dark and on paper.
 *
 * It holds the finding, the ledger of the levels, the charts as SVG, the weights that were pruned,
 * the lost positives, the audit, the certificate, sizes of files, settings and versions, each
 * where the rounds or the options give it; a chart that the rounds do not give is named with the
 * reason. Texts are escaped, whatever layers are called, and the page forbids scripts and
 * addresses outside.
 *
 * @param run The result of `prune`, or finished rounds or reports.
 * @param options The renderer, the certificate and more.
 * @returns The page, a text that begins with `<!doctype html>`. The same input gives the same text,
 *   as no clock is read.
 * @throws {TypeError} If something is no round, an option does not exist or has the wrong type, or
 *   `render` gives no SVG.
 * @throws {RangeError} If there is no round, a round's labels or scores are none, pixels are not
 *   those of all samples, or the certificate contradicts itself.
 *
 * @example
 * ```ts
 * import { reportHtml } from 'tfjs-prune/report'
 * import { renderSvg } from 'tfjs-prune/report/vega'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [2, 2].map((falseNegatives, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const confusion = { truePositives: 53 - falseNegatives, falseNegatives, falsePositives: 1, trueNegatives: 88 }
 *   return { round, ...counts, evaluation: { confusion }, trainingLoss: 0.1, seconds }
 * })
 * const page = await reportHtml(rounds, { title: 'Tumours & misses', render: renderSvg })
 * if (!page.includes('Tumours &amp; misses') || !page.includes('<svg')) throw new Error(page)
 * ```
 */
export async function reportHtml(
  run: ReportedRun | readonly RoundReport<object>[],
  options: ReportOptions = {},
): Promise<string> {
  checkOptions(options, { task, checks: reportChecks })
  if (options.auditImages && !options.audit)
    throw new TypeError(`Cannot ${task}: expected audit beside auditImages, got none`)
  const named = 'name' in run ? run.name : undefined
  const reported: ReportedRun = { ...oneRun(run, task), name: named ?? 'this run' }
  const round = reportedRound(reported, shownRound(reported))
  const { title = 'Pruning report', settings = {}, versions = {} } = options
  const [light, dark] = (['light', 'dark'] as const).map((theme) =>
    reportCharts(reported, round, { options, theme }),
  ) as [ReturnType<typeof reportCharts>, ReturnType<typeof reportCharts>]
  const body = [
    factsSection(reported, round),
    warningSection(reported, round),
    ledgerSection(reported),
    await chartsSection(light, dark, options.render),
    weightsSection(reported, round),
    lostSection(reported),
    options.audit && auditSection(options.audit),
    options.certificate && certificateSection(options.certificate),
    options.sizes && sizesSection(options.sizes),
    settingsSection({ round, rule: reported.rule, settings, versions }),
  ]
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>${asIs(pageStyle)}</style></head>
<body><main>
<header><h1>${title}</h1>
${options.date !== undefined && html`<p class="pale">${dateOf(options.date)}</p>`}
${findingOf(reported)}
${reported.reason && html`<p>${reported.feasible === false ? 'No level is kept' : 'Kept'}: ${reported.reason}.</p>`}
${reported.ended && html`<p>The run ended: ${reported.ended}.</p>`}</header>
${body.map((part) => html`${part}\n`)}
<footer><p class="pale">Written by tfjs-prune.</p></footer>
</main></body></html>
`.markup
}

/** The finding of the run by itself, where its misses are told. */
function findingOf(run: ReportedRun): Markup | undefined {
  const finding = attempt(() => missesChart(run))
  if (typeof finding === 'string') return undefined
  return html`<p class="finding">${finding.usermeta.finding}.</p>`
}

/** A Date in universal time, to the minute. */
function dateOf(date: string | Date): string {
  if (typeof date === 'string') return date
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
