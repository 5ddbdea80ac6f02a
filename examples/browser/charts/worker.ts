/** Draws charts beside the page: a specification of Vega-Lite comes in, an SVG goes out. */
import { expose } from 'comlink'
import { type ChartSpec, type ReportedRun, type ReportOptions, reportHtml } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'

const charts = {
  /** The SVG of a chart, as text. */
  render: (chart: ChartSpec): Promise<string> => renderSvg(chart),

  /** A run as one HTML file, with its charts. */
  report: (run: ReportedRun, options: ReportOptions): Promise<string> =>
    reportHtml(run, { ...options, render: renderSvg }),
}

/** The calls that the page may make. */
export type ChartWorker = typeof charts

expose(charts)
