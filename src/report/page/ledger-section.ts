import { ofSet, setNames } from '../../internal/named-set.js'
import type { LedgerMisses, LedgerRow } from '../../metrics/ledger.js'
import { ledger } from '../../metrics/ledger.js'
import { countOf, percent, percentOf } from '../charts/in-words.js'
import { html, type Markup } from './markup.js'
import type { ReportedRun } from './reported-run.js'
import { table } from './table.js'

/** Most measures of an evaluation that is not ours. */
const MOST_MEASURES = 6

/** A table of the levels for each set that they were measured on. */
export function ledgerSection(run: ReportedRun): Markup {
  const names = setNames(run.rounds[0]?.evaluation)
  if (names.length === 0) return levelsOn(run)
  return html`${names.map((set) => {
    const rounds = run.rounds.map(({ collapsed, ...round }, place) => ({
      ...round,
      evaluation: ofSet(round.evaluation, set, `report level ${place}`),
      ...(collapsed !== undefined && set === names[0] && { collapsed }),
    }))
    return html`${levelsOn({ ...run, rounds }, set)}\n`
  })}`
}

/** One row a level: its density, and its misses beside those of the dense network. */
function levelsOn({ rounds, kept }: ReportedRun, set?: string): Markup {
  const rows = ledger(rounds)
  const isOurs = rows.some(
    ({ falseNegativeRate, auc }) => falseNegativeRate !== null || auc !== null,
  )
  const columns = isOurs ? ourColumns(rows) : ownColumns(rounds.map(({ evaluation }) => evaluation))
  const body = rows.map(({ round, density }, place) => {
    const isKept = kept?.round === round
    const cells = [
      `${round}${isKept ? ' (kept)' : ''}`,
      percentOf(density),
      ...columns.map(({ cells }) => cells[place]!),
      rounds[place]!.seconds ? seconds(rounds[place]!.seconds.training) : '–',
    ]
    return { cells, isKept }
  })
  const head = ['level', 'weights left, %', ...columns.map(({ name }) => name), 'training, s']
  const atRates = 'At a rate: where so many of the negatives raise a false alarm.'
  const collapsed = rounds.flatMap(({ round, collapsed: why }) =>
    why === undefined ? [] : [html`<li>Level ${round} counts as collapsed: ${why}.</li>`],
  )
  const name = set === undefined ? 'Levels' : `Levels on ${set}`
  return html`<section><h2>${name}</h2>
<p>Level 0 is dense. In brackets: how many more or fewer are missed than by the dense network.
${isOurs && atRates}</p>
${table({ name, head, rows: body })}
${collapsed.length > 0 && html`<ul>${collapsed}</ul>`}</section>`
}

interface Column {
  readonly name: string
  readonly cells: readonly string[]
}

function ourColumns(rows: readonly LedgerRow[]): Column[] {
  const rates =
    rows[0]?.atFalsePositiveRates.map(({ falsePositiveRate }) => falsePositiveRate) ?? []
  return [
    { name: 'missed', cells: rows.map(missesInWords) },
    { name: 'false alarms', cells: rows.map(alarmsInWords) },
    ...rates.map((rate, i) => ({
      name: `missed at ${percent(rate)}`,
      cells: rows.map(({ atFalsePositiveRates }) => missesInWords(atFalsePositiveRates[i]!)),
    })),
    { name: 'AUC', cells: rows.map(({ auc }) => (auc === null ? '–' : auc.toFixed(3))) },
  ]
}

/** The numbers of an evaluation of the caller's. */
function ownColumns(evaluations: readonly object[]): Column[] {
  const entries = Object.entries(evaluations[0] ?? {})
  const names = entries.filter(([, value]) => typeof value === 'number').map(([name]) => name)
  return names.slice(0, MOST_MEASURES).map((name) => ({
    name,
    cells: evaluations.map((evaluation) => measure((evaluation as Record<string, unknown>)[name])),
  }))
}

const measure = (value: unknown) =>
  typeof value === 'number' && Number.isFinite(value) ? `${Number(value.toPrecision(4))}` : '–'

/** `4 (+1)`, or the rate where no count is told. */
function missesInWords(misses: LedgerMisses): string {
  const { falseNegatives, falseNegativeRate, addedFalseNegatives: added } = misses
  if (falseNegatives === null) return falseNegativeRate === null ? '–' : percent(falseNegativeRate)
  if (added === null) return countOf(falseNegatives)
  // A part of a miss, where a rate cuts a tie, may be too small to be told.
  const difference = countOf(Math.abs(added))
  const sign = difference === '0' ? '±' : added < 0 ? '−' : '+'
  return `${countOf(falseNegatives)} (${sign}${difference})`
}

function alarmsInWords({ falsePositives, falsePositiveRate }: LedgerRow): string {
  if (falsePositiveRate === null) return '–'
  const rate = percent(falsePositiveRate)
  return falsePositives === null ? rate : `${falsePositives} (${rate})`
}

const seconds = (time: number) => (Number.isFinite(time) ? time.toFixed(1) : '–')
