import { describe } from '../../internal/describe.js'
import type { ChartSpec } from '../charts/chart-spec.js'
import { asIs, html, type Markup, type Part } from './markup.js'
import type { ReportCharts } from './report-charts.js'
import { type ReportOptions, task } from './report-options.js'

/** The charts as drawings for light and for dark pages, or their findings as sentences. */
export async function chartsSection(
  light: ReportCharts,
  dark: ReportCharts,
  render: ReportOptions['render'],
): Promise<Markup> {
  const missing = light.leftOut.map((reason) => html`<li>${reason}</li>\n`)
  const leftOut =
    missing.length > 0 && html`<p>Charts that these rounds do not give:</p>\n<ul>${missing}</ul>`
  if (!render) {
    const findings = light.charts.map(({ usermeta }) => html`<li>${usermeta.finding}</li>\n`)
    return html`<section><h2>Findings</h2>
<p>This report was written without a renderer: the findings of its charts stand here as sentences,
their numbers in the tables.</p>
<ul>${findings}</ul>
${leftOut}</section>`
  }
  const figures: Part[] = []
  for (const [place, chart] of light.charts.entries()) {
    const drawings = [await drawn(chart, render), await drawn(dark.charts[place]!, render)] as const
    figures.push(figure(chart, drawings))
  }
  return html`<section><h2>Charts</h2>
<div class="charts">
${figures}</div>
${leftOut}</section>`
}

/** The drawing of a chart, without what a renderer writes before it. */
async function drawn(chart: ChartSpec, render: NonNullable<ReportOptions['render']>) {
  const svg = await render(chart)
  if (typeof svg === 'string' && svg.includes('<svg')) return asIs(svg.slice(svg.indexOf('<svg')))
  throw new TypeError(`Cannot ${task}: expected SVG of render, got ${describe(svg)}`)
}

function figure({ usermeta, description }: ChartSpec, [light, dark]: readonly [Markup, Markup]) {
  const notes = usermeta.notes.join(' ')
  return html`<figure><figcaption><strong>${usermeta.finding}</strong>${notes && html`<p>${notes}</p>`}</figcaption>
<div role="img" aria-label="${description}"><div class="light">${light}</div>
<div class="dark">${dark}</div></div></figure>
`
}
