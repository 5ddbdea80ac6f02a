import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { trainingCases } from '../training/cases.js'
import { cases } from './cases.js'
import { byDensity, type Figure, spanOf, storedFigures } from './runs.js'

interface Point {
  readonly side: string
  /** % of the weights. */
  readonly left: number
  readonly milliseconds: number
}

/** Sides in the order of the legend, with a colour that is seen on white and on black. */
const SIDES: Readonly<Record<string, { readonly name: string; readonly colour: string }>> = {
  tfjs: { name: 'tfjs', colour: '#d9822b' },
  torch: { name: 'PyTorch, one thread', colour: '#8e6bd1' },
  onnx: { name: 'onnxruntime, native', colour: '#8e6bd1' },
  compiled: { name: 'compiled', colour: '#2b8fd9' },
  limit: { name: 'limit of the host', colour: '#8a8f98' },
}

const millisecondsOf = ({ times, limit }: Figure, side: string) =>
  side === 'limit' ? Math.max(limit.sums, limit.memory) : times[side]?.processor.least

/** Medians over the runs, by side and density. */
function pointsOf(network: string, batch: number): Point[] {
  const groups = byDensity(storedFigures(network), batch)
  return Object.entries(SIDES).flatMap(([side, { name }]) =>
    groups.flatMap((lines) => {
      const values = lines.flatMap((line) => millisecondsOf(line, side) ?? [])
      if (values.length === 0) return []
      const milliseconds = spanOf(values).median
      return [{ side: name, left: 100 * lines[0]!.density, milliseconds }]
    }),
  )
}

/** 1, 2 and 5 by powers of ten, between the least and the most. */
function roundNumbers(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (i - 6))
  return powers
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= least && value <= most)
}

const labelOf = (value: number) => `${Number(value.toPrecision(3))}`

/** Dark letters on a light page, light ones on a dark page. */
const STYLE = 'svg{color:#24292f}@media(prefers-color-scheme:dark){svg{color:#d0d7de}}'
const [WIDTH, HEIGHT, MARGIN] = [640, 360, { left: 60, right: 150, bottom: 44, top: 40 }]

/** A network whose cost is drawn. */
interface Drawn {
  readonly title: string
  /** The call or the step that is timed. */
  readonly of: string
}

const drawnOf = (network: string): Drawn => {
  const training = trainingCases[network]
  return training
    ? { title: `training of ${training.title}`, of: 'a step' }
    : { title: cases[network]!.title, of: 'a call' }
}

/** Cost against density as an SVG file: both axes logarithmic, a line a side. */
export function costChart(network: string, batch: number): string {
  const { title: name, of } = drawnOf(network)
  const points = pointsOf(network, batch)
  const { document } = parseHTML('<html></html>')
  const names = new Set(points.map(({ side }) => side))
  const shown = Object.values(SIDES).filter(({ name }) => names.has(name))
  const densities = [...new Set(points.map(({ left }) => left))]
  const levels = roundNumbers(points.map(({ milliseconds }) => milliseconds))
  const ends = shown.map(({ name }) =>
    points.filter(({ side }) => side === name).reduce((a, b) => (a.left < b.left ? a : b)),
  )
  const line = { x: 'left', y: 'milliseconds', stroke: 'side' } as const
  const svg = Plot.plot({
    document,
    ...{ width: WIDTH, height: HEIGHT },
    ...{ marginLeft: MARGIN.left, marginRight: MARGIN.right },
    ...{ marginBottom: MARGIN.bottom, marginTop: MARGIN.top },
    style: { background: 'none', fontSize: '12px' },
    x: { type: 'log', reverse: true, insetLeft: 6 },
    y: { type: 'log' },
    color: { domain: shown.map(({ name }) => name), range: shown.map(({ colour }) => colour) },
    // given by themselves: the labels of a logarithmic scale leave numbers out
    marks: [
      Plot.gridY(levels),
      Plot.axisX(densities, { text: labelOf, label: 'weights left, % →' }),
      Plot.axisY(levels, { text: labelOf, label: `↑ processor time of ${of}, ms` }),
      Plot.lineY(points, { ...line, strokeWidth: 2 }),
      Plot.dot(points, { x: 'left', y: 'milliseconds', fill: 'side', r: 3 }),
      Plot.text(ends, {
        ...{ x: 'left', y: 'milliseconds', text: 'side', fill: 'side' },
        ...{ textAnchor: 'start', dx: 8 },
      }),
    ],
  })
  const title = document.createElementNS('http://www.w3.org/2000/svg', 'title')
  title.textContent = `${name}, batch ${batch}: processor time against density`
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style')
  style.textContent = STYLE
  svg.querySelector('style')?.remove() // it is for charts within a page
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.prepend(title, style)
  return `${svg.outerHTML}\n`
}
