import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { colourOf, labelOf, STYLE } from './series.js'
import { spreadLabels } from './spread-labels.js'

/** A point of a line. */
export interface ChartPoint {
  readonly system: string
  readonly x: number
  readonly y: number
  readonly lower?: number
  readonly upper?: number
}

/** One panel of a chart. */
export interface Panel {
  readonly title: string
  readonly points: readonly ChartPoint[]
  readonly x: {
    readonly label: string
    readonly ticks: readonly number[]
    readonly text: (value: number) => string
    readonly type: 'log' | 'linear'
    readonly isReversed?: boolean
  }
  readonly y: readonly [number, number]
  /** Heights of horizontal lines, with their words. */
  readonly rules?: readonly { readonly y: number; readonly text: string }[]
}

const [WIDTH, HEIGHT] = [520, 300]
const MARGIN = { left: 44, right: 112, top: 34, bottom: 42 }
const LINE = 14

/** Panels one below the other, as an SVG file of its own; undefined where one has no point. */
export function svgChart(title: string, panels: readonly Panel[]): string | undefined {
  if (panels.some(({ points }) => points.length === 0)) return undefined
  const { document } = parseHTML('<html></html>')
  const outer = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const height = HEIGHT * panels.length
  for (const [name, value] of Object.entries({
    xmlns: 'http://www.w3.org/2000/svg',
    width: `${WIDTH}`,
    height: `${height}`,
    viewBox: `0 0 ${WIDTH} ${height}`,
    'font-size': '12',
  }))
    outer.setAttribute(name, value)
  const words = document.createElementNS('http://www.w3.org/2000/svg', 'title')
  words.textContent = title
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style')
  style.textContent = STYLE
  outer.append(words, style)
  for (const [i, panel] of panels.entries()) {
    const svg = plotOf(panel, document)
    svg.querySelector('style')?.remove() // it is for charts within a page
    svg.setAttribute('y', `${HEIGHT * i}`)
    outer.append(svg)
  }
  return `${outer.outerHTML}\n`
}

function plotOf(panel: Panel, document: Document) {
  const { points, x, y, rules = [], title } = panel
  const sign = x.isReversed ? -1 : 1
  const last = (system: string) =>
    points
      .filter((point) => point.system === system)
      .reduce((a, b) => (sign * b.x > sign * a.x ? b : a))
  const systems = [...new Set(points.map(({ system }) => system))]
  const gap = ((y[1] - y[0]) * LINE) / (HEIGHT - MARGIN.top - MARGIN.bottom)
  const labels = spreadLabels(systems.map(last), { gap, top: y[1] })
  const of = { x: 'x', y: 'y', z: 'system' } as const
  const stroke = ({ system }: ChartPoint) => colourOf(system)
  return Plot.plot({
    document,
    ...{ width: WIDTH, height: HEIGHT },
    ...{ marginLeft: MARGIN.left, marginRight: MARGIN.right },
    ...{ marginTop: MARGIN.top, marginBottom: MARGIN.bottom },
    style: { background: 'none', fontSize: '12px' },
    x: { type: x.type, reverse: x.isReversed ?? false, insetLeft: 6 },
    y: { domain: [...y] },
    marks: [
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.15 }),
      Plot.axisX([...x.ticks], { text: x.text, label: x.label }),
      Plot.axisY({ label: `↑ ${title}`, ticks: 6 }),
      Plot.ruleY(rules, { y: 'y', stroke: 'currentColor', strokeDasharray: '4 3' }),
      Plot.text(rules, {
        ...{ y: 'y', text: 'text', frameAnchor: 'right', dy: -7, textAnchor: 'end' },
        fill: 'currentColor',
      }),
      Plot.areaY(
        points.filter(({ lower }) => lower !== undefined),
        { x: 'x', y1: 'lower', y2: 'upper', z: 'system', fill: stroke, fillOpacity: 0.13 },
      ),
      Plot.lineY(points, { ...of, stroke, strokeWidth: 2 }),
      Plot.dot(points, { ...of, fill: stroke, r: 3 }),
      Plot.text(labels, {
        ...{ x: 'x', y: 'y', dx: 9, textAnchor: 'start' },
        text: ({ system }) => labelOf(system),
        fill: ({ system }) => colourOf(system),
      }),
    ],
  })
}
