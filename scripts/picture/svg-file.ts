import type { ChartSpec } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'

/** A chart as an SVG file of its own: a title in place of the roles that a page would need. */
export async function svgFile(chart: ChartSpec): Promise<string> {
  const svg = await renderSvg(chart)
  const bare = svg.replace(/ (role|aria-[a-z]+)="[^"]*"/g, '')
  return `${bare.replace('>', `><title>${chart.usermeta.finding}</title>`)}\n`
}
