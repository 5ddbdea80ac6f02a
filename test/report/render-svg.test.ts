import { type ChartSpec, missesChart } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'
import * as vega from 'vega'
import { describe, expect, it, vi } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { lateRefusalOf } from '../support/refusal-of.js'

const chart = missesChart(chartedRounds(3))

describe('renderSvg', () => {
  it('renderSvg draws the whole chart in the width that is asked for', async () => {
    for (const width of [320, 640]) {
      const svg = await renderSvg(missesChart(chartedRounds(7), { width }))
      const [, drawn, , shown] = /width="(\d+)"(.*)viewBox="0 0 (\d+) /.exec(svg)!
      expect(Number(shown ?? drawn)).toBeGreaterThan(width - 2)
      expect(Number(drawn)).toBeLessThan(width + 2)
    }
  })

  it('renderSvg leaves the text widths of vega as they were, and writes nothing', async () => {
    const { textMetrics } = vega as unknown as { textMetrics: { width: unknown } }
    const { width } = textMetrics
    const methods = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
    await renderSvg(chart)
    expect(textMetrics.width).toBe(width)
    for (const method of methods) expect(method).not.toHaveBeenCalled()
  })

  it.each(['vega', 'vega-lite'])(
    'renderSvg says how to install %s where it is missing',
    async (name) => {
      vi.resetModules()
      vi.doMock(name, () => {
        throw new Error(`Cannot find package '${name}'`)
      })
      const { renderSvg: alone } = await import('../../src/report/vega/index.js')
      expect(await lateRefusalOf(() => alone(chart))).toMatch(
        /^Error: Cannot render the chart: expected the packages vega and vega-lite to be there \(npm install vega@5 vega-lite@5\), got /,
      )
      vi.doUnmock(name)
    },
  )

  it('renderSvg refuses the width of a container, warnings, and no chart', async () => {
    const wide = missesChart(chartedRounds(3), { width: 'container' })
    expect(await lateRefusalOf(() => renderSvg(wide))).toMatch(/^RangeError/)
    const view = chart.encoding as object
    const odd: ChartSpec = {
      ...chart,
      encoding: { ...view, size: { field: 'a', type: 'nominal' } },
    }
    expect(await lateRefusalOf(() => renderSvg(odd))).toMatch(/^RangeError.*without warnings/)
    const none: ChartSpec = { ...chart, encoding: { x: { field: 'a', type: 'odd' } } }
    expect(await lateRefusalOf(() => renderSvg(none))).toMatch(/^TypeError/)
  })
})
