import type { Remote } from 'comlink'
import { falseAlarmsChart, missesChart } from 'tfjs-prune/report'
import { coloursOf, recoloured } from '../charts/run-colours.js'
import { trainingSpec } from '../charts/training-spec.js'
import type { ChartWorker } from '../charts/worker.js'
import { percent } from '../shared/words.js'
import { chartedRun } from './charted-run.js'
import { countsAt } from './counts.js'
import { byId } from './elements.js'
import { type FigureContent, makeFigure } from './figure.js'
import type { RunView, State } from './state.js'

type Counted = 'misses' | 'falseAlarms'

/** The charts that grow while the runs go on. */
export function runFigures(charts: Remote<ChartWorker>) {
  // The processor is for the training.
  const drawing = { charts, pause: 400 }
  const misses = makeFigure(byId('misses-figure'), drawing)
  const alarms = makeFigure(byId('alarms-figure'), drawing)
  const training = makeFigure(byId('loss-figure'), drawing)
  const areReportsNew = changes()
  const areEpochsNew = changes()
  return (state: State): void => {
    const runs = state.runs.filter(({ reports }) => reports.length > 0)
    const { budget } = state.choices
    if (areReportsNew([budget, ...runs.map(({ reports }) => reports)]) && runs.length > 0) {
      misses(rateContent('misses', runs, state))
      alarms(rateContent('falseAlarms', runs, state))
    }
    if (areEpochsNew(state.runs.map(({ epochs }) => epochs))) training(trainingContent(state))
  }
}

/** Tells whether a list holds other things than the last one. */
function changes(): (parts: readonly unknown[]) => boolean {
  let last: readonly unknown[] = []
  return (parts) => {
    const isNew = parts.length !== last.length || parts.some((part, i) => part !== last[i])
    last = parts
    return isNew
  }
}

function rateContent(side: Counted, runs: readonly RunView[], state: State): FigureContent {
  const charted = runs.map((run) => chartedRun(run, state))
  const chart = side === 'misses' ? missesChart : falseAlarmsChart
  const names = runs.map(({ loss }) => loss)
  return {
    title: chart(charted).usermeta.finding,
    spec: (look) => recoloured(chart(charted, look), coloursOf(names, look.theme)),
    table: {
      columns: ['run', 'level', 'weights left', side === 'misses' ? 'missed' : 'false alarms'],
      rows: runs.flatMap(({ loss, reports }) =>
        reports.map(({ round, density, evaluation }) => {
          const { positives, negatives, ...counts } = countsAt(evaluation, 0)
          const of = side === 'misses' ? positives : negatives
          return [loss, String(round), percent(density), `${counts[side]} of ${of}`]
        }),
      ),
    },
  }
}

function trainingContent({ runs, choices }: State): FigureContent {
  const { epochs, levels } = choices
  return {
    title: 'Training loss, epoch by epoch',
    spec: (look) => trainingSpec({ runs, epochs, levels, ...look }),
    table: {
      columns: ['run', 'level', 'training loss at its end'],
      rows: runs.flatMap(({ loss, reports }) =>
        reports.map(({ round, trainingLoss }) => [
          loss,
          String(round),
          trainingLoss.toPrecision(3),
        ]),
      ),
    },
  }
}
