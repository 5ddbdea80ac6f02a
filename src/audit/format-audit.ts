import type { Interval } from '../types.js'
import type { Audit, Harm } from './audit.js'
import { auditFindings } from './audit-findings.js'
import { namedParts } from './named-parts.js'
import { probability, short } from './short-number.js'

const HEAD = ['', 'samples', 'dense', 'pruned', 'change', 'p', 'lost', 'regained'] as const
const SURENESS = ['', 'calibration error', 'pruned', 'distance to boundary', 'pruned'] as const

/**
 * Writes an audit as text for people: a table of the recalls, one of how sure the networks are, and
 * the findings as sentences.
 *
 * @param audit An audit of `auditHarm`, `auditRounds` or `auditOutcomes`, or one read from JSON.
 * @returns Lines of text without a line break at the end; a dash is a number that is not told.
 *
 * @example
 * ```ts
 * import { auditOutcomes, formatAudit } from 'tfjs-prune/audit'
 *
 * const labels = [0, 0, 0, 1, 1]
 * const dense = { labels, predictions: [0, 0, 0, 1, 1] }
 * const text = formatAudit(auditOutcomes(dense, { labels, predictions: [0, 0, 0, 1, 0] }))
 * if (!text.includes('most harmed: class 1, which loses 50 points')) throw new Error(text)
 * ```
 */
export function formatAudit(audit: Audit): string {
  const { pairs, samples, confidence } = audit
  const networks = pairs === 1 ? 'one pair of networks' : `${pairs} pairs of networks`
  const parts = namedParts(audit)
  const rows = parts.map(({ name, isNested, harm }) =>
    recallRow(isNested ? `  ${name}` : name, harm, pairs),
  )
  const sure = parts.filter(
    ({ isNested, harm }) =>
      !isNested && (harm.dense.calibrationError ?? harm.dense.distance) !== null,
  )
  return [
    `Audit of ${networks} on ${samples} samples`,
    `Recalls in %, with intervals of ${short(100 * confidence)} %; lost and regained samples a pair`,
    '',
    ...aligned([[...HEAD], ...rows]),
    ...(sure.length > 0
      ? ['', ...aligned([[...SURENESS], ...sure.map(({ name, harm }) => surenessRow(name, harm))])]
      : []),
    '',
    ...auditFindings(audit),
    ...audit.notes.map((note) => `note: ${note}`),
  ].join('\n')
}

function recallRow(name: string, harm: Harm, pairs: number): string[] {
  const { samples, dense, pruned, difference, differenceInterval, pValue, lost, regained } = harm
  return [
    name,
    `${samples}`,
    percents(dense.recall, dense.interval),
    percents(pruned.recall, pruned.interval),
    percents(difference, differenceInterval),
    probability(pValue),
    short(lost / pairs),
    short(regained / pairs),
  ]
}

function surenessRow(name: string, { dense, pruned }: Harm): string[] {
  const numbers = [dense.calibrationError, pruned.calibrationError, dense.distance, pruned.distance]
  return [name, ...numbers.map((value) => (value === null ? '-' : short(value)))]
}

function percents(share: number | null, interval: Interval | null): string {
  if (share === null) return '-'
  const { lower, upper } = interval ?? {}
  const bounds = interval ? ` [${percentage(lower!)}, ${percentage(upper!)}]` : ''
  return `${percentage(share)}${bounds}`
}

function percentage(share: number): string {
  const text = (100 * share).toFixed(1)
  return text === '-0.0' ? '0.0' : text
}

/** Columns of one width, two spaces apart; the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}
