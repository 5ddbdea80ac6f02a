import { type Figure, type Span, type StoredFigure, spanOf } from './runs.js'

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
export const markdown = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

/** Three digits, without a power of ten. */
export const short = (value: number) =>
  value >= 100 ? `${Math.round(value)}` : `${Number(value.toPrecision(value < 1 ? 2 : 3))}`
/** The median, and the ends where they differ from it. */
export const spanned = ({ least, median, most }: Span) =>
  short(least) === short(most) ? short(median) : `${short(median)} (${short(least)}–${short(most)})`
export const percent = (density: number) => `${short(100 * density)} %`

export const over = (lines: readonly StoredFigure[], of: (figure: Figure) => number) =>
  spanOf(lines.map(of))
export const processor = (figure: Figure, side: string) => figure.times[side]!.processor.least
export const ratio = (figure: Figure, side: string) =>
  processor(figure, side) / processor(figure, 'compiled')
export const has = (lines: readonly StoredFigure[], side: string) =>
  lines.every(({ times }) => times[side])
