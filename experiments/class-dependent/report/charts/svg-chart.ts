import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { coloursOf, INK, labelOf, STYLE, withPlainColours } from './series.js'
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

const [WIDTH, HEIGHT] = [540, 300]
const MARGIN = { left: 44, right: 132, top: 34, bottom: 42 }
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
    color: INK,
  }))
    outer.setAttribute(name, value)
  const titled = (text: string) => {
    const words = document.createElementNS('http://www.w3.org/2000/svg', 'title')
    words.textContent = text
    return words
  }
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style')
  style.textContent = STYLE
  outer.append(titled(title), style)
  const colours = coloursOf([...new Set(panels.flatMap(({ points }) => points.map(systemOf)))])
  for (const [i, panel] of panels.entries()) {
    const svg = plotOf(panel, { document, colours })
    svg.querySelector('style')?.remove() // it is for charts within a page
    svg.setAttribute('y', `${HEIGHT * i}`)
    svg.prepend(titled(panel.title))
    outer.append(svg)
  }
  for (const element of outer.querySelectorAll('[fill],[stroke]')) withPlainColours(element)
  return `${outer.outerHTML}\n`
}

const systemOf = ({ system }: { readonly system: string }) => system

interface Page {
  readonly document: Document
  readonly colours: ReadonlyMap<string, string>
}

function plotOf(panel: Panel, { document, colours }: Page) {
  const { points, x, y, rules = [], title } = panel
  const sign = x.isReversed ? -1 : 1
  const last = (system: string) =>
    points
      .filter((point) => point.system === system)
      .reduce((a, b) => (sign * b.x > sign * a.x ? b : a))
  const systems = [...new Set(points.map(({ system }) => system))]
  const gap = ((y[1] - y[0]) * LINE) / (HEIGHT - MARGIN.top - MARGIN.bottom)
  const named = rules.map(({ y, text }) => ({ system: text, x: 0, y }))
  const labels = spreadLabels([...systems.map(last), ...named], {
    gap,
    top: y[1],
    bottom: y[0] + gap / 3,
  })
  const of = { x: 'x', y: 'y', z: 'system' } as const
  const stroke = ({ system }: { readonly system: string }) => colours.get(system) ?? 'currentColor'
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
      Plot.areaY(
        points.filter(({ lower }) => lower !== undefined),
        { x: 'x', y1: 'lower', y2: 'upper', z: 'system', fill: stroke, fillOpacity: 0.13 },
      ),
      Plot.lineY(points, { ...of, stroke, strokeWidth: 2 }),
      Plot.dot(points, { ...of, fill: stroke, r: 3 }),
      Plot.text(labels, {
        ...{ y: 'y', frameAnchor: 'right', dx: 9, textAnchor: 'start' },
        text: ({ system }) => labelOf(system),
        fill: stroke,
      }),
    ],
  })
}
