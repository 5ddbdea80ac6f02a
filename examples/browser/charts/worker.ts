/** Draws charts beside the page: a specification of Vega-Lite comes in, an SVG goes out. */
import { expose } from 'comlink'
import type { ChartSpec } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'

const charts = { render: (chart: ChartSpec): Promise<string> => renderSvg(chart) }

/** The calls that the page may make. */
export type ChartWorker = typeof charts

expose(charts)
