import type { ChartSpec } from 'tfjs-prune/report'
import type { RunView } from '../page/state.js'
import { coloursOf } from './run-colours.js'

interface TrainingChart {
  readonly runs: readonly RunView[]
  /** Epochs a level. */
  readonly epochs: number
  /** Levels of a run. */
  readonly levels: number
  readonly width: number
  readonly theme: 'light' | 'dark'
}

const TITLE = 'Training loss, epoch by epoch'

/** The training loss, epoch by epoch; upright lines stand where weights were pruned. */
export function trainingSpec({ runs, epochs, levels, width, theme }: TrainingChart): ChartSpec {
  const [ink, pale] = theme === 'dark' ? ['#e6edf3', '#9ea7b3'] : ['#1f2328', '#57606a']
  const losses = runs.map(({ loss }) => loss)
  const values = runs.flatMap(({ loss, epochs: points }) =>
    points.map((point) => ({ run: loss, ...point })),
  )
  const cuts = Array.from({ length: levels - 1 }, (_, i) => ({ epoch: (i + 1) * epochs }))
  const scale = { domain: losses, range: coloursOf(losses, theme) }
  const x = {
    field: 'epoch',
    type: 'quantitative',
    title: 'epoch',
    scale: { domain: [0, levels * epochs], nice: false },
  } as const
  const letters = { labelColor: ink, titleColor: pale, labelFontSize: 12, titleFontSize: 12 }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: TITLE,
    usermeta: { finding: TITLE, notes: [] },
    title: {
      text: TITLE,
      subtitle: ['Each loss has its own unit. Half of the', 'weights go at each upright line.'],
    },
    width,
    height: 330,
    autosize: { type: 'fit', contains: 'padding' },
    background: 'transparent',
    layer: [
      {
        data: { values: cuts },
        mark: { type: 'rule', color: pale, opacity: 0.35 },
        encoding: { x },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2 },
        encoding: {
          x,
          y: {
            field: 'trainingLoss',
            type: 'quantitative',
            title: 'training loss',
            scale: { type: 'sqrt' },
          },
          color: { field: 'run', type: 'nominal', scale, legend: { title: null } },
          strokeDash: { field: 'run', type: 'nominal', scale: { domain: losses } },
        },
      },
    ],
    config: {
      font: 'system-ui, sans-serif',
      axis: {
        ...letters,
        gridOpacity: 0.25,
        domainColor: pale,
        tickColor: pale,
        titleFontWeight: 'normal',
      },
      legend: { ...letters, orient: 'bottom' },
      title: {
        ...{ color: ink, subtitleColor: pale, anchor: 'start', frame: 'bounds', offset: 12 },
        ...{ fontSize: 14, subtitleFontSize: 12 },
      },
      view: { stroke: null },
    },
  }
}
