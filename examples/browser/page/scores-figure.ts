import type { Remote } from 'comlink'
import { confusion } from 'tfjs-prune/metrics'
import { scoreHistogramsChart } from 'tfjs-prune/report'
import type { ChartWorker } from '../charts/worker.js'
import type { Report } from '../shared/contract.js'
import { percent } from '../shared/words.js'
import { countsAt } from './counts.js'
import { byId } from './elements.js'
import { type FigureContent, makeFigure } from './figure.js'
import { reportAt, type State } from './state.js'

/** The scores of the level that is looked at, the dense network's above them. */
export function scoresFigure(charts: Remote<ChartWorker>) {
  const figure = makeFigure(byId('scores-figure'), { charts, pause: 100 })
  let shown: readonly unknown[] = []
  return (state: State): void => {
    const { selected, threshold } = state
    const level = selected && reportAt(state, selected)
    const dense = selected && reportAt(state, { ...selected, level: 0 })
    if (!level || !dense) return
    if (shown[0] === level && shown[1] === threshold) return
    shown = [level, threshold]
    figure(scoresContent(level === dense ? [dense] : [dense, level], threshold))
  }
}

function scoresContent(reports: readonly Report[], threshold: number): FigureContent {
  const rounds = reports.map((report) => decidedAt(report, threshold))
  return {
    title: scoreHistogramsChart(rounds).usermeta.finding,
    spec: (look) => scoreHistogramsChart(rounds, look),
    table: {
      columns: ['level', 'weights left', 'missed', 'false alarms'],
      rows: reports.map(({ round, density, evaluation }) => {
        const counts = countsAt(evaluation, threshold)
        return [
          String(round),
          percent(density),
          `${counts.misses} of ${counts.positives}`,
          `${counts.falseAlarms} of ${counts.negatives}`,
        ]
      }),
    },
  }
}

/** A report as it would be if the network decided at another threshold. */
function decidedAt(report: Report, threshold: number): Report {
  const { evaluation } = report
  const [labels, scores] = [evaluation.labels!, evaluation.scores!]
  const predictions = Int32Array.from(scores, (score) => Number(score >= threshold))
  const counts = confusion(labels, scores, { positiveClass: 1, threshold })
  return { ...report, evaluation: { ...evaluation, predictions, confusion: counts } }
}
