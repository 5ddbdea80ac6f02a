import type { Confusion } from 'tfjs-prune'
import type { LedgerRow } from 'tfjs-prune/metrics'
import type { ChartSpec } from 'tfjs-prune/report'
import { themes } from '../../src/report/charts/chart-theme.js'

/** Ledgers of the quickstart: the plain lottery ticket, and the class-dependent loss. */
export interface Ledgers {
  readonly red: readonly LedgerRow[]
  readonly black: readonly LedgerRow[]
  /** Of the class-dependent loss, on samples that chose nothing. */
  readonly test: { readonly dense: Confusion; readonly kept: Confusion }
}

const POSITIVES = 53
const NAMES = { black: 'class-dependent loss', red: 'plain pruning' }
const FONT = 'system-ui, -apple-system, sans-serif'
/** The sizes of a picture: letters are those of a line of words at most. */
interface Form {
  readonly width: number
  /** Height of a line's name above its point. */
  readonly names: number
  /** Size of the words below the lines. */
  readonly ticks: number
  readonly words: Readonly<Record<'title' | 'note', number>>
}

/** The picture on a page, and the one on a phone, whose words stand on several lines. */
export const forms = {
  wide: { width: 620, names: 18, ticks: 13, words: { title: 80, note: 120 } },
  narrow: { width: 330, names: 32, ticks: 11, words: { title: 34, note: 54 } },
} as const satisfies Record<string, Form>
/** The number of the lower line stands below its point where both are near. */
const UNDER_THE_OTHER = "datum.level === 0 && datum.name === 'plain pruning' ? 16 : -14"

/** The point of the library in one picture: the weights fall, the misses do not grow. */
export function pictureOf(
  ledgers: Ledgers,
  theme: 'light' | 'dark',
  { width, names, ticks, words: most }: Form = forms.wide,
): ChartSpec {
  const { ink, pale, grid, series } = themes[theme]
  const levels = ledgers.black.map(({ density }) => left(density))
  const [dense, sparsest] = [ledgers.black[0]!, ledgers.black.at(-1)!]
  const finding = `${whole(dense.kept)} weights fall to ${whole(sparsest.kept)}, missed tumours from ${dense.falseNegatives} to ${sparsest.falseNegatives} of ${POSITIVES}`
  const notes = notesOf(ledgers)
  const x = {
    ...{ field: 'left', type: 'ordinal', sort: levels },
    ...{ scale: { type: 'band', paddingInner: 0.25, paddingOuter: 0.2 } },
  }
  const text = { type: 'text', font: FONT, fontSize: 13 }
  const weights = ledgers.black.map(({ density, kept }) => {
    return { left: left(density), kept, words: whole(kept) }
  })
  const misses = Object.entries(NAMES).flatMap(([key, name]) =>
    ledgers[key as 'red' | 'black'].map(({ density, falseNegatives }, level) => {
      return { name, level, left: left(density), missed: falseNegatives! }
    }),
  )
  const last = levels.length - 1
  const domain = Object.values(NAMES)
  const scaled = (range: readonly unknown[]) => {
    return { field: 'name', type: 'nominal', scale: { domain, range }, legend: null }
  }
  const missed = { field: 'missed', type: 'quantitative', title: 'tumours missed, of 53' }
  const kept = { field: 'kept', type: 'quantitative', title: 'weights' }
  const bare = { labels: false, ticks: false, domain: false, grid: false, titlePadding: 24 }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: [`${finding}.`, ...notes].join(' '),
    usermeta: { finding, notes },
    title: {
      text: linesOf(finding, most.title),
      subtitle: notes.flatMap((note) => linesOf(note, most.note)),
    },
    background: 'transparent',
    padding: 6,
    spacing: 14,
    vconcat: [
      {
        ...{ width, height: 110, data: { values: weights } },
        encoding: {
          x: { ...x, axis: null },
          y: { ...kept, axis: bare, scale: { domain: [0, 1.18 * dense.kept], nice: false } },
        },
        layer: [
          { mark: { type: 'bar', color: pale } },
          {
            mark: { ...text, dy: -9, color: ink },
            encoding: { text: { field: 'words', type: 'nominal' } },
          },
        ],
      },
      {
        ...{ width, height: 150, data: { values: misses } },
        encoding: {
          x: {
            ...x,
            title: 'weights left',
            axis: { labelAngle: 0, labelFontSize: ticks, domain: false, ticks: false },
          },
          y: { ...missed, scale: { domain: [0, 10] }, axis: { values: [0, 5, 10], domain: false } },
          color: scaled([series[0], series[1]]),
        },
        layer: [
          {
            mark: { type: 'line', strokeWidth: 3 },
            encoding: {
              strokeDash: scaled([
                [1, 0],
                [7, 4],
              ]),
            },
          },
          {
            mark: { type: 'point', filled: true, size: 90, opacity: 1 },
            encoding: { shape: scaled(['circle', 'square']) },
          },
          {
            transform: [{ filter: `datum.level === ${last} || datum.level === 0` }],
            mark: { ...text, dy: { expr: UNDER_THE_OTHER }, fontWeight: 'bold' },
            encoding: { text: { field: 'missed', type: 'quantitative' } },
          },
          {
            transform: [{ filter: `datum.level === ${last - 1}` }],
            mark: { ...text, dy: -names, align: 'center' },
            encoding: { text: { field: 'name', type: 'nominal' } },
          },
        ],
      },
    ],
    config: {
      font: FONT,
      axis: {
        ...{ labelColor: ink, titleColor: pale, gridColor: grid, titleFontWeight: 'normal' },
        ...{ labelFontSize: 13, titleFontSize: 13 },
      },
      title: {
        ...{ color: ink, subtitleColor: pale, anchor: 'start', frame: 'bounds', offset: 14 },
        ...{ fontSize: 18, subtitleFontSize: 13, subtitlePadding: 6 },
      },
      view: { stroke: null },
      mark: { aria: false },
    },
  }
}

/** Said for honesty: which samples these are, and the price in false alarms. */
function notesOf({ black, test: { dense, kept } }: Ledgers): string[] {
  const [first, last] = [black[0]!, black.at(-1)!]
  const negatives = dense.falsePositives + dense.trueNegatives
  return [
    `The quickstart, on the samples that chose the level; false alarms go from ${first.falsePositives} to ${last.falsePositives} of ${negatives}.`,
    `On others, looked at once: missed ${dense.falseNegatives} before and ${kept.falseNegatives} after, false alarms ${dense.falsePositives} and ${kept.falsePositives}.`,
  ]
}

/** Words on lines of at most so many letters. */
function linesOf(words: string, most: number): string[] {
  const lines: string[] = []
  for (const word of words.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

const left = (density: number) => `${Number((100 * density).toPrecision(3))} %`

const whole = (count: number) => count.toLocaleString('en-US')
