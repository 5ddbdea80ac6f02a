import type { LevelPlace, Report } from '../shared/contract.js'
import { percent, TITLES } from '../shared/words.js'
import { choiceOf } from './choice.js'
import { countsAt } from './counts.js'
import { byId, make, say } from './elements.js'
import type { RunView, State } from './state.js'

const HEADS = ['Level', 'Weights left', 'Missed', 'False alarms', 'AUC']

/** The tables of the levels, one a run; a level is chosen by its radio button. */
export function levelTables(onSelect: (place: LevelPlace) => void) {
  const tables = new Map<string, HTMLTableElement>()

  function tableOf(run: RunView): HTMLTableElement {
    const known = tables.get(run.loss)
    if (known) return known
    const heads = HEADS.map((text) => make('th', { scope: 'col' }, [text]))
    const made = make('table', { id: `levels-${run.loss}` }, [
      make('caption', {}, [TITLES[run.loss]]),
      make('thead', {}, [make('tr', {}, heads)]),
      make('tbody'),
    ])
    tables.set(run.loss, made)
    return made
  }

  function addRow(body: HTMLTableSectionElement, place: LevelPlace): void {
    const radio = make('input', { type: 'radio', name: 'level', onchange: () => onSelect(place) })
    radio.ariaLabel = `${place.loss}, level ${place.level}`
    radio.value = `${place.loss}-${place.level}`
    const label = make('label', {}, [
      radio,
      ` ${place.level} `,
      make('span', { className: 'badge' }),
    ])
    const cells = HEADS.slice(1).map(() => make('td'))
    body.append(make('tr', {}, [make('th', { scope: 'row' }, [label]), ...cells]))
  }

  return (state: State): void => {
    const shown = state.runs.filter(({ reports }) => reports.length > 0)
    for (const [loss, table] of tables) if (!shown.some((run) => run.loss === loss)) table.remove()
    for (const run of shown) {
      const table = tableOf(run)
      if (!table.isConnected) byId('tables').append(table)
      const body = table.tBodies[0]!
      while (body.rows.length > run.reports.length) body.deleteRow(-1)
      while (body.rows.length < run.reports.length)
        addRow(body, { loss: run.loss, level: body.rows.length })
      const keep = choiceOf(run, state.choices)?.keep
      for (const [level, report] of run.reports.entries())
        fillRow(body.rows[level]!, report, {
          threshold: state.threshold,
          isKept: level === keep,
          isSelected: state.selected?.loss === run.loss && state.selected.level === level,
        })
    }
  }
}

interface RowLook {
  readonly threshold: number
  readonly isKept: boolean
  readonly isSelected: boolean
}

function fillRow(row: HTMLTableRowElement, report: Report, look: RowLook): void {
  const { misses, positives, falseAlarms, negatives } = countsAt(report.evaluation, look.threshold)
  const texts = [
    percent(report.density),
    `${misses} of ${positives}`,
    `${falseAlarms} of ${negatives}`,
    report.evaluation.auc.toFixed(3),
  ]
  row.className = look.isSelected ? 'selected' : ''
  row.querySelector('input')!.checked = look.isSelected
  say(row.querySelector('.badge')!, look.isKept ? 'kept' : '')
  for (const [i, text] of texts.entries()) say(row.cells[i + 1]!, text)
}
