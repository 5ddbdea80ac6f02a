import type { ChartOptions } from './chart-options.js'
import { dashes, shapes, themes } from './chart-theme.js'

interface SeriesOptions extends ChartOptions {
  /** Field of the rows that names their series. */
  readonly field: string
  /** Title of the legend. @default none */
  readonly title?: string
  /** Entries of the legend side by side. @default 2, or 4 where there is room */
  readonly columns?: number
}

/**
 * Colour, dash and shape of series: none is told by its colour alone. Where colours come again,
 * dashes and shapes are others.
 */
export function seriesEncoding(
  names: readonly string[],
  { field, title, theme = 'light', width = 360, columns = hasRoom(width) ? 4 : 2 }: SeriesOptions,
) {
  const legend = names.length > 1 ? { title: title ?? null, columns, ...marks } : null
  const scaled = (values: readonly unknown[], turn = 0) => {
    const { length } = values
    const range = names.map((_, i) => values[(i + turn * Math.floor(i / length)) % length])
    return { field, type: 'nominal', scale: { domain: names, range }, legend }
  }
  return {
    color: { color: scaled(themes[theme].series) },
    dash: { strokeDash: scaled(dashes, 1) },
    shape: { shape: scaled(shapes, 2) },
  }
}

/** Marks of a legend: filled, since the dashes of a series would be drawn around them. */
const marks = { symbolOpacity: 1, symbolStrokeWidth: 0 }

const hasRoom = (width: number | 'container') => width !== 'container' && width >= 560
