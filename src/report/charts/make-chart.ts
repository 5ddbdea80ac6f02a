import type { ChartOptions } from './chart-options.js'
import type { ChartSpec, ChartWords } from './chart-spec.js'
import { type ChartTheme, themes } from './chart-theme.js'
import { wrapLines } from './wrap-lines.js'

/** A chart without its frame. */
interface ChartParts extends ChartWords {
  /** Marks and encodings of one view. */
  readonly view: Readonly<Record<string, unknown>>
  /** Height of the whole chart in pixels where the caller names none. */
  readonly height: number
}

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json'
const FONT = 'system-ui, sans-serif'
/** Pixels of the title and its notes, by line. */
const [TITLE_LINE, NOTE_LINE] = [19, 15]

/** Puts a view into its frame: the finding as the title, notes, size, colours of letters. */
export function makeChart(
  { finding, notes, view, height: own }: ChartParts,
  { theme = 'light', width = 360, height, titled = true }: ChartOptions,
): ChartSpec {
  const pixels = width === 'container' ? 360 : width
  const title = wrapLines(finding, pixels / 8.6)
  const below = notes.flatMap((note) => wrapLines(note, pixels / 6.1))
  const letters = titled ? TITLE_LINE * title.length + NOTE_LINE * below.length : 0
  return {
    $schema: SCHEMA,
    description: [finding, ...notes].join(' '),
    usermeta: { finding, notes },
    ...(titled && { title: { text: title, ...(below.length > 0 && { subtitle: below }) } }),
    width,
    height: height ?? own + letters,
    autosize: { type: 'fit', contains: 'padding' },
    background: 'transparent',
    padding: 4,
    ...view,
    config: configOf(themes[theme]),
  }
}

function configOf({ ink, pale, grid }: ChartTheme): Readonly<Record<string, unknown>> {
  const letters = { labelColor: ink, titleColor: pale, labelFontSize: 12, titleFontSize: 12 }
  const lines = { gridColor: grid, domainColor: pale, tickColor: pale }
  return {
    font: FONT,
    axis: { ...letters, ...lines, titleFontWeight: 'normal' },
    legend: { ...letters, titleFontWeight: 'normal', orient: 'bottom', labelLimit: 0 },
    title: {
      ...{ color: ink, subtitleColor: pale, anchor: 'start', frame: 'bounds', offset: 12 },
      ...{ fontSize: 14, lineHeight: TITLE_LINE },
      ...{ subtitleFontSize: 12, subtitleLineHeight: NOTE_LINE, subtitlePadding: 4 },
    },
    view: { stroke: null },
    mark: { aria: false }, // the description tells more than the names of a hundred marks
  }
}
