import type { ChartTheme } from './chart-theme.js'

/** The outcome of a sample in one column. */
export interface StripCell {
  /** Name of the row. */
  readonly sample: string
  /** Name of the column. */
  readonly level: string
  /** A cross is drawn for `bad`, a dot for `good`. */
  readonly is: string
  /** A word below the mark, in all cells or in none. */
  readonly says?: string
}

/** Samples, a row each with its image where there is one, and a mark in each column. */
export interface SampleStrip {
  readonly theme: ChartTheme
  /** Names of the rows, from the top; a line break splits a name. */
  readonly rows: readonly string[]
  /** Names of the columns, from the left, without that of the images. */
  readonly columns: readonly string[]
  readonly cells: readonly StripCell[]
  /** Address of each row's image; undefined in all rows where there are none. */
  readonly urls: readonly (string | undefined)[]
  /** The two words for a cell, of the cross and of the dot. */
  readonly words: readonly [bad: string, good: string]
  readonly title: string | null
  readonly axis: Readonly<Record<string, unknown>>
}

/** Pixels of a sample, and of one with an image or words. */
const [ROW, TALL_ROW] = [20, 40]
/** Most samples that are drawn, in low rows and in tall ones. */
const [MOST, MOST_TALL] = [20, 12]

/** Most samples of a strip. */
export function mostSamples(isTall: boolean): number {
  return isTall ? MOST_TALL : MOST
}

/** Height of a strip in pixels, with its axis and its legend. */
export function stripHeight(samples: number, isTall: boolean): number {
  return 70 + (isTall ? TALL_ROW : ROW) * samples
}

/** The marks and encodings of a strip. */
export function stripView(strip: SampleStrip): Readonly<Record<string, unknown>> {
  const { rows, columns, cells, urls, title, axis } = strip
  const hasImages = urls[0] !== undefined
  const domain = hasImages ? ['image', ...columns] : columns
  const x = { field: 'level', type: 'ordinal', title, scale: { domain } }
  const y = { field: 'sample', type: 'ordinal', sort: rows, title: null }
  const pictures = urls.map((url, i) => ({ sample: rows[i]!, level: 'image', url }))
  const side = TALL_ROW - 6
  const images = {
    data: { values: pictures },
    mark: { type: 'image', width: side, height: side },
    encoding: { url: { field: 'url', type: 'nominal' } },
  }
  return {
    encoding: {
      x: { ...x, axis },
      y: { ...y, axis: { ticks: false, domain: false, ...splitNames(rows) } },
    },
    layer: [
      marksOf(strip),
      ...(hasImages ? [images] : []),
      ...(hasWords(cells) ? [wordsOf(strip)] : []),
    ],
  }
}

/** Names with a line break take two lines: Vega places the first, and measures both as one. */
function splitNames(rows: readonly string[]) {
  if (!rows.some((name) => name.includes('\n'))) return {}
  return { labelExpr: "split(datum.label, '\\n')", labelOffset: -7, minExtent: 90 }
}

function marksOf({ theme, cells, words: [bad, good] }: SampleStrip) {
  const is = { field: 'is', type: 'nominal' }
  const domain = [bad, good]
  const color = { ...is, scale: { domain, range: [theme.series[1], theme.grid] } }
  const shape = { ...is, scale: { domain, range: ['cross', 'circle'] } }
  const size = { condition: { test: `datum.is === '${bad}'`, value: 110 }, value: 22 }
  const legend = { title: null, symbolOpacity: 1 }
  const mark = { type: 'point', filled: true, opacity: 1, angle: 45 }
  return {
    data: { values: cells },
    mark: hasWords(cells) ? { ...mark, yOffset: -8 } : mark,
    encoding: { color: { ...color, legend }, shape: { ...shape, legend }, size },
  }
}

const hasWords = (cells: readonly StripCell[]) => cells.some(({ says }) => says !== undefined)

function wordsOf({ theme, cells }: SampleStrip) {
  return {
    data: { values: cells },
    mark: { type: 'text', baseline: 'middle', dy: 9, color: theme.ink, fontSize: 12 },
    encoding: { text: { field: 'says' } },
  }
}
