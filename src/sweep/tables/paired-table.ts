import { checkOptions } from '../../internal/check-options.js'
import { copyOptions } from '../../internal/copy-options.js'
import { holm } from '../../metrics/holm.js'
import { comparePairs, type PairedComparison } from './compare-pairs.js'
import { checkRoles, type PairedTableOptions, pairedChecks, task } from './paired-table-options.js'
import { figureOf } from './row-figure.js'
import {
  checkRows,
  grouped,
  inWords,
  keyOf,
  labelsOf,
  type RowLabel,
  type RowLabels,
} from './row-labels.js'

/** One group within one part of a {@link PairedTable}. */
export interface PairedRow {
  /** The part of the table, such as `{ set: 'a', density: 0.125 }`. */
  readonly within: RowLabels
  readonly group: RowLabel
  /** Rows of the group. */
  readonly count: number
  /** Mean over them, with a pair or without; null for none. */
  readonly mean: number | null
  /** Their standard deviation, n - 1 in the denominator; null for fewer than two. */
  readonly deviation: number | null
  /** The comparison; null for the group that the others are compared with. */
  readonly comparison: (PairedComparison & { readonly pByHolm: number | null }) | null
}

/** The answer of {@link pairedTable}: plain data, which survives JSON. */
export interface PairedTable extends Required<PairedTableOptions> {
  /** Tests in the family, or in each of them, part by part. */
  readonly tests: readonly number[]
  readonly rows: readonly PairedRow[]
}

interface Entry {
  readonly within: RowLabels
  readonly group: RowLabel
  readonly pair: RowLabels
  readonly value: number
}

/**
 * Compares groups of rows with one of them by pairs: mean and standard deviation of each, the
 * median difference with its interval, Wilcoxon's p-value and Holm's correction.
 *
 * Rows pair where the values of `pair` are equal, such as the seed that gave both systems their
 * split, initial weights and order. Only pairs are compared. A pair that one side lacks is told in
 * `missing` and `unmatched` of the comparison, and a group that has no row in a part stands there
 * with a count of 0: nothing is left out in silence. A figure that is null or NaN, such as that of a
 * training that diverged, is refused with its row: leave those rows out, so that they are told as
 * missing, and say how many there were.
 *
 * Differences are those of `signedRankInterval`, p-values those of `wilcoxonSignedRank`, two-sided,
 * both of `tfjs-prune/metrics`. `pByHolm` reads all tests of the table together, or with
 * `family: 'part'` those of each part; choose beforehand, and say which.
 *
 * @param rows Rows of a sweep, or others: plain objects, in any order.
 * @param options The names of the figure, the groups, the pairs and the parts.
 * @returns One row a group in each part, in the order in which they come first, the group that the
 *   others are compared with at the head.
 * @throws {TypeError} If something is no row, an option is missing or unknown, or a value is not of
 *   its type.
 * @throws {RangeError} If there is no row, a figure is null, NaN or infinite, two rows have the same
 *   part, group and pair, a part has more than 5,000 pairs, no row is of the group `against` or all
 *   are, or a name is taken twice.
 * @example
 * ```ts
 * import { pairedTable } from 'tfjs-prune/sweep'
 *
 * const rows = [1, 2, 3, 4, 5, 6].flatMap((seed) => [
 *   { system: 'plain', seed, auc: 0.9 + seed / 1000 },
 *   { system: 'recipe', seed, auc: 0.92 + seed / 500 },
 * ])
 * const table = pairedTable(rows, {
 *   ...{ figure: 'auc', by: 'system', against: 'plain', pair: ['seed'], direction: 'maximise' },
 * })
 * const { comparison } = table.rows[1]!
 * if (comparison?.pValue !== 2 / 2 ** 6 || comparison.better !== 6) throw new Error('six of six')
 * ```
 */
export function pairedTable(rows: readonly object[], options: PairedTableOptions): PairedTable {
  checkOptions(options, { task, checks: pairedChecks })
  checkRoles(options)
  checkRows(rows, task)
  const { within = [], family = 'table', confidence = 0.95 } = options
  const entries = rows.map((row, place) => entryOf(row, place, options))
  checkEntries(entries, options)
  const groups = new Set([options.against, ...entries.map(({ group }) => group)])
  const compared = grouped(entries, (entry) => entry.within).map(({ labels, members }) =>
    [...groups].map((group) => rowOf(members, { part: labels, group, options })),
  )
  const families = family === 'table' ? [compared.flat()] : compared
  const corrected = families.map(correct)
  return {
    ...{ ...copyOptions(options, pairedChecks), within, family, confidence },
    tests: corrected.map(({ tests }) => tests),
    rows: corrected.flatMap(({ rows }) => rows),
  }
}

function entryOf(row: object, place: number, options: PairedTableOptions): Entry {
  const { figure, by, pair, within = [] } = options
  const at = { task, place }
  const labels = labelsOf(row, [...within, by, ...pair], at)
  const value = (row as Readonly<Record<string, unknown>>)[figure]
  return {
    within: labelsOf(row, within, at),
    group: labels[by]!,
    pair: labelsOf(row, pair, at),
    value: figureOf(value, { task, figure, row: inWords(labels) }),
  }
}

/** Throws unless there are two groups to compare, and one row each in a part for each pair. */
function checkEntries(entries: readonly Entry[], { by, against }: PairedTableOptions): void {
  const groups = [...new Set(entries.map(({ group }) => group))]
  const cannot = `Cannot ${task}: expected`
  if (!groups.includes(against))
    throw new RangeError(`${cannot} rows with ${by}=${against}, got those of ${groups.join(', ')}`)
  if (groups.length < 2)
    throw new RangeError(`${cannot} another ${by} beside ${against}, got rows of that alone`)
  const seen = new Set<string>()
  for (const { within, group, pair } of entries) {
    const labels = { ...within, [by]: group, ...pair }
    if (seen.has(keyOf(labels)))
      throw new RangeError(
        `${cannot} one row with ${inWords(labels)}, got another: filter rows, or part them by within`,
      )
    seen.add(keyOf(labels))
  }
}

interface Asked {
  readonly part: RowLabels
  readonly group: RowLabel
  readonly options: PairedTableOptions
}

type Compared = Omit<PairedRow, 'comparison'> & { readonly comparison: PairedComparison | null }

function rowOf(part: readonly Entry[], { part: within, group, options }: Asked): Compared {
  const of = (name: RowLabel) => part.filter((entry) => entry.group === name)
  const own = of(group)
  const count = own.length
  const mean = count > 0 ? own.reduce((sum, { value }) => sum + value, 0) / count : null
  const squares = own.reduce((sum, { value }) => sum + (value - mean!) ** 2, 0)
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : null
  const { against, direction, confidence = 0.95 } = options
  const comparison =
    group === against ? null : comparePairs(own, of(against), { direction, confidence })
  return { within, group, count, mean, deviation, comparison }
}

/** Puts Holm's correction over the tests of a family. */
function correct(rows: readonly Compared[]): { tests: number; rows: readonly PairedRow[] } {
  const raw = rows.flatMap(({ comparison }) => comparison?.pValue ?? [])
  const adjusted = holm(raw)[Symbol.iterator]()
  const withHolm = rows.map(({ comparison, ...row }): PairedRow => {
    if (!comparison) return { ...row, comparison }
    const pByHolm = comparison.pValue === null ? null : (adjusted.next().value as number)
    return { ...row, comparison: { ...comparison, pByHolm } }
  })
  return { tests: raw.length, rows: withHolm }
}
