import { checkOptions, type OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { checkIndex } from '../../internal/option-checks.js'
import type { PairedComparison } from './compare-pairs.js'
import type { PairedRow, PairedTable } from './paired-table.js'
import { inWords, type RowLabels } from './row-labels.js'

/** Options of {@link formatPairedTable}. */
export interface FormatPairedTableOptions {
  /** Digits behind the point of means, deviations and differences, 0 or more. @default 3 */
  readonly decimals?: number
}

const task = 'write a paired table'
const checks: OptionChecks<FormatPairedTableOptions> = { decimals: checkIndex }

/**
 * Writes a paired table as Markdown: one line a group, and under it the family of its tests and the
 * pairs that are missing.
 *
 * Columns are the parts, the group, mean and standard deviation with the number of rows, the median
 * difference with its interval, pairs that are better, equal and worse, p, and p by Holm. p below
 * .001 is written as `< .001`.
 *
 * @param table The answer of {@link pairedTable}.
 * @param options The digits.
 * @returns Lines that end with a line break.
 * @throws {TypeError} If `table` is none, or an option is unknown.
 * @throws {RangeError} If `decimals` is no whole number of at least 0.
 * @example
 * ```ts
 * import { formatPairedTable, pairedTable } from 'tfjs-prune/sweep'
 *
 * const rows = [1, 2, 3, 4, 5, 6].flatMap((seed) => [
 *   { system: 'plain', seed, misses: 10 + seed },
 *   { system: 'recipe', seed, misses: 10 - seed },
 * ])
 * const table = pairedTable(rows, {
 *   ...{ figure: 'misses', by: 'system', against: 'plain', pair: ['seed'], direction: 'minimise' },
 * })
 * const text = formatPairedTable(table, { decimals: 1 })
 * const row = '| recipe | 6.5 ± 1.9 (6) | -7.0 [-12.0, -2.0] | 6, 0, 0 | .031 | .031 |'
 * if (!text.includes(row)) throw new Error(text)
 * ```
 */
export function formatPairedTable(
  table: PairedTable,
  options: FormatPairedTableOptions = {},
): string {
  checkOptions(options, { task, checks })
  if (!Array.isArray(table?.rows) || !Array.isArray(table.tests)) {
    const got = describe(table)
    throw new TypeError(`Cannot ${task}: expected the answer of pairedTable, got ${got}`)
  }
  const { decimals = 3 } = options
  const head = [
    ...table.within,
    table.by,
    `${table.figure}: mean ± sd (rows)`,
    `difference from ${table.against} [${percent(table.confidence)}]`,
    ...['better, equal, worse', 'p', 'p (Holm)'],
  ]
  const lines = table.rows.map((row) => cellsOf(row, decimals))
  const notes = [familyOf(table), ...table.rows.flatMap((row) => missingOf(row, table))]
  const grid = [head, head.map(() => '---'), ...lines].map(lineOf)
  return `${grid.join('\n')}\n\n${notes.join('\n\n')}\n`
}

function cellsOf(row: PairedRow, decimals: number): string[] {
  const { within, group, count, mean, deviation, comparison } = row
  const number = (value: number) => {
    const text = value.toFixed(decimals)
    return Number(text) === 0 ? text.replace('-', '') : text
  }
  const spread = deviation === null ? '' : ` ± ${number(deviation)}`
  return [
    ...[...Object.values(within), group].map(String),
    mean === null ? 'none' : `${number(mean)}${spread} (${count})`,
    ...comparisonCells(comparison, number),
  ]
}

function comparisonCells(
  comparison: PairedRow['comparison'],
  number: (value: number) => string,
): string[] {
  if (!comparison) return ['', '', '', '']
  const { medianDifference, interval, better, equal, worse, pValue, pByHolm } = comparison
  if (medianDifference === null) return ['no pair', '', '', '']
  const ends = interval ? `[${number(interval.lower)}, ${number(interval.upper)}]` : '[too few]'
  const counts = `${better}, ${equal}, ${worse}`
  return [`${number(medianDifference)} ${ends}`, counts, pText(pValue), pText(pByHolm)]
}

const lineOf = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const percent = (share: number) => `${Number((100 * share).toPrecision(12))} %`

function pText(p: number | null): string {
  if (p === null) return ''
  if (p < 0.001) return '< .001'
  return p.toFixed(p < 0.1 ? 3 : 2).replace(/^0/, '')
}

/** Says which tests Holm's correction reads together. */
function familyOf({ family, tests, pair, within }: PairedTable): string {
  const pairs = `p: Wilcoxon's signed-rank test by ${pair.join(' and ')}, two-sided.`
  const read =
    family === 'table'
      ? `the tests of the table, ${tests[0]} in all`
      : `the tests within each ${within.join(' and ') || 'part'}, ${tests.join(', ')}`
  return `${pairs} Holm's correction goes over ${read}.`
}

/** Says which pairs a group, or the one that it is compared with, lacks. */
function missingOf(row: PairedRow, { by, against }: PairedTable): string[] {
  const { within, group, comparison } = row
  const place = inWords({ ...within, [by]: group })
  const lacks = (who: string, pairs: PairedComparison['missing']) =>
    pairs.length > 0 ? [`Missing: ${who} has no row for ${listed(pairs)}.`] : []
  if (!comparison) return []
  return [
    ...lacks(place, comparison.missing),
    ...lacks(`${against} beside ${place}`, comparison.unmatched),
  ]
}

const listed = (pairs: readonly RowLabels[]) => pairs.map(inWords).join('; ')
