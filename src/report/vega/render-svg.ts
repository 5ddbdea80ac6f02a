import type { View } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import type { ChartSpec } from '../charts/chart-spec.js'
import { type Drawing, loadVega } from './load-vega.js'
import { roundPlaces } from './round-places.js'
import { textWidth } from './text-width.js'

const task = 'render the chart'

/**
 * Draws a chart as SVG with vega and vega-lite, which are optional peers: `npm install vega@5
 * vega-lite@5`, or version 6 of both. It needs no page.
 *
 * @param chart A chart of `tfjs-prune/report`, with a width in pixels.
 * @returns The SVG as a text, with a `viewBox` and places to hundredths of a pixel; it refers to
 *   nothing outside.
 * @throws {Error} If vega or vega-lite is not installed.
 * @throws {TypeError} If Vega-Lite cannot read the chart.
 * @throws {RangeError} If the width is that of a container, or Vega-Lite warns: no message goes to
 *   the console.
 *
 * @example
 * ```ts
 * import { falseAlarmsChart } from 'tfjs-prune/report'
 * import { renderSvg } from 'tfjs-prune/report/vega'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [0, 2].map((falsePositives, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const confusion = { truePositives: 50, falseNegatives: 3, falsePositives, trueNegatives: 89 - falsePositives }
 *   return { round, ...counts, evaluation: { confusion }, trainingLoss: 0.1, seconds }
 * })
 * const svg = await renderSvg(falseAlarmsChart(rounds))
 * if (!svg.startsWith('<svg')) throw new Error(svg)
 * ```
 * @see Satyanarayan, Moritz, Wongsuphasawat, Heer: Vega-Lite. IEEE TVCG 2017.
 */
export async function renderSvg(chart: ChartSpec): Promise<string> {
  if (chart?.width === 'container')
    throw new RangeError(`Cannot ${task}: expected a width in pixels, got 'container'`)
  const { vega, vegaLite } = await loadVega(task)
  const view = new vega.View(vega.parse(compiled(chart, vegaLite)), { renderer: 'none' })
  try {
    layOut(view, vega)
    return roundPlaces(await view.toSVG())
  } finally {
    view.finalize()
  }
}

/** The chart in the language of vega. */
function compiled(chart: ChartSpec, { compile }: Drawing['vegaLite']) {
  const warnings: string[] = []
  const { spec } = attempt(() =>
    compile(chart as unknown as TopLevelSpec, { logger: collecting(warnings) }),
  )
  if (warnings.length === 0) return spec
  const got = warnings.join('; ')
  throw new RangeError(`Cannot ${task}: expected a chart without warnings, got ${got}`)
}

function attempt<T>(compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    const got = error instanceof Error ? error.message : `${error}`
    throw new TypeError(`Cannot ${task}: expected a chart of Vega-Lite, got ${got}`)
  }
}

/** A logger that keeps messages to itself. */
function collecting(messages: string[]) {
  const keep = (...args: readonly unknown[]) => {
    messages.push(args.join(' '))
    return logger
  }
  const ignore = () => logger
  const logger = { level: ignore, error: keep, warn: keep, info: ignore, debug: ignore }
  return logger as never
}

/** The part of vega that measures texts; its types leave it out. */
interface TextMetrics {
  readonly textMetrics: Record<'width' | 'estimateWidth', typeof textWidth>
}

/** Computes the places of all marks, with our widths of texts where there is no canvas. */
function layOut(view: View, vega: Drawing['vega']): void {
  const { textMetrics: metrics } = vega as unknown as TextMetrics
  const { width } = metrics
  if (width === metrics.estimateWidth) metrics.width = textWidth
  try {
    view.run()
  } finally {
    metrics.width = width
  }
}
