import { copyOptions } from '../internal/copy-options.js'
import { setNames } from '../internal/named-set.js'
import { type LedgerOptions, type LedgerRow, ledger, ledgerChecks } from '../metrics/ledger.js'
import type { RoundReport } from '../types.js'

/** A row of plain values; null where a number is not told, or not defined. */
export type TableRow = Readonly<Record<string, number | string | null>>

/** Columns of a row that are about no set. */
const COMMON = ['round', 'density', 'densityOverAll', 'kept', 'worstClass', 'worstRecall']

/**
 * The ledger of a run with the other numbers of its rounds, in flat rows of the same columns: those
 * of `ledger`, the numbers of the evaluation that are not among them, the training loss and the
 * seconds; and where there are several sets those of `ledger` on the others, such as
 * `test.falseNegatives`. A number of the evaluation that has the name of another column, and another
 * value, is under `evaluation.trainingLoss`, say.
 */
export function ledgerTable(
  rounds: readonly RoundReport<object>[],
  options: LedgerOptions,
): TableRow[] {
  const [shown, ...others] = setNames(rounds[0]?.evaluation)
  const beside = options.set === undefined && shown !== undefined ? others : []
  const onOthers = beside.map((set) => {
    return { set, rows: ledger(rounds, { ...copyOptions(options, ledgerChecks), set }) }
  })
  const told = ledger(rounds, options).map(({ collapsed, ...row }, i) => {
    const { evaluation, trainingLoss, seconds } = rounds[i]!
    const own = Object.entries(options.set === undefined ? (evaluation ?? {}) : {})
    const numbers = own.filter(([, value]) => typeof value === 'number')
    return {
      row: flat(row),
      numbers: Object.fromEntries(numbers) as FlatRow,
      after: {
        trainingLoss,
        ...Object.fromEntries(
          Object.entries(seconds ?? {}).map(([name, value]) => [`${name}Seconds`, value]),
        ),
        collapsed,
      } as FlatRow,
    }
  })
  const rename = renamer(told.map(({ row, numbers, after }) => [numbers, { ...row, ...after }]))
  const rows = told.map(({ row, numbers, after }, i): FlatRow => {
    const sets = onOthers.map(({ set, rows }) => named(flat(rows[i]!), set))
    return { ...row, ...rename(numbers), ...after, ...Object.assign({}, ...sets) }
  })
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, plain(row[column])])),
  )
}

type FlatRow = Readonly<Record<string, unknown>>

/**
 * Leaves out the numbers that are in the columns of their rows, and names those `evaluation.kept`,
 * say, that are others than in the column of their name.
 */
function renamer(rows: readonly (readonly [FlatRow, FlatRow])[]): (numbers: FlatRow) => FlatRow {
  const isOther = (name: string) =>
    rows.some(([numbers, row]) => name in numbers && plain(numbers[name]) !== plain(row[name]))
  const isTaken = (name: string) => rows.some(([, row]) => name in row)
  return (numbers) => {
    const names = Object.keys(numbers).filter((name) => !isTaken(name) || isOther(name))
    const nameOf = (name: string) => (isTaken(name) ? `evaluation.${name}` : name)
    return Object.fromEntries(names.map((name) => [nameOf(name), numbers[name]]))
  }
}

/** A row without lists: misses at fixed rates under names such as `falseNegativesAt0.05`. */
function flat({ atFalsePositiveRates, ...own }: Omit<LedgerRow, 'collapsed'>): FlatRow {
  const fixed = atFalsePositiveRates.flatMap(({ falsePositiveRate, ...misses }) =>
    Object.entries(misses).map(([name, value]) => [`${name}At${falsePositiveRate}`, value]),
  )
  return { ...own, ...Object.fromEntries(fixed) }
}

/** The numbers of a row that are about its set, under names that begin with it. */
function named(row: FlatRow, set: string): FlatRow {
  const about = Object.entries(row).filter(
    ([name]) => !COMMON.includes(name) && name !== 'collapsed',
  )
  return Object.fromEntries(about.map(([name, value]) => [`${set}.${name}`, value]))
}

function plain(value: unknown): number | string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
