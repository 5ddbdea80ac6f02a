import type { Remote } from 'comlink'
import type { ChartSpec } from 'tfjs-prune/report'
import type { ChartWorker } from '../charts/worker.js'
import { make } from './elements.js'

/** Numbers behind a chart, for those who cannot see it. */
export interface FigureTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A chart as a specification of Vega-Lite, made for a width in pixels and a theme. */
export interface FigureContent {
  readonly title: string
  readonly spec: (look: { width: number; theme: 'light' | 'dark' }) => ChartSpec
  readonly table: FigureTable
}

/** Who draws, and the least milliseconds between two drawings. */
interface Drawing {
  readonly charts: Remote<ChartWorker>
  readonly pause: number
}

const dark = matchMedia('(prefers-color-scheme: dark)')

/**
 * A chart that follows its data, its width and the theme. It is drawn in a worker of its own, so
 * that the page never waits; of several changes in a row only the last one is drawn.
 */
export function makeFigure(place: HTMLElement, { charts, pause }: Drawing) {
  const plot = make('div', { className: 'plot', role: 'img' })
  const table = make('table')
  const summary = make('summary', {}, ['As a table'])
  const scroll = make('div', { className: 'scroll', role: 'group', tabIndex: 0 }, [table])
  place.append(make('figure', {}, [plot, make('details', {}, [summary, scroll])]))
  let content: FigureContent | undefined
  let [isDrawing, isStale] = [false, false]

  async function draw(): Promise<void> {
    isStale = true
    if (isDrawing) return
    isDrawing = true
    try {
      while (isStale && content) {
        isStale = false
        const width = Math.floor(plot.clientWidth)
        if (width === 0) break
        const spec = content.spec({ width, theme: dark.matches ? 'dark' : 'light' })
        const svg = await charts.render(spec)
        const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
        drawn.setAttribute('aria-hidden', 'true')
        plot.replaceChildren(drawn)
        await new Promise((rested) => setTimeout(rested, pause))
      }
    } finally {
      isDrawing = false
    }
  }

  dark.addEventListener('change', draw)
  let width = 0
  new ResizeObserver(() => {
    if (Math.abs(plot.clientWidth - width) < 8) return
    width = plot.clientWidth
    void draw()
  }).observe(plot)

  return (wanted: FigureContent): void => {
    content = wanted
    plot.ariaLabel = wanted.title
    scroll.ariaLabel = wanted.title
    fill(table, wanted.table)
    void draw()
  }
}

function fill(table: HTMLTableElement, { columns, rows }: FigureTable): void {
  const head = make('thead', {}, [
    make(
      'tr',
      {},
      columns.map((text) => make('th', { scope: 'col' }, [text])),
    ),
  ])
  const body = make(
    'tbody',
    {},
    rows.map((row) =>
      make(
        'tr',
        {},
        row.map((text) => make('td', {}, [text])),
      ),
    ),
  )
  table.replaceChildren(head, body)
}
