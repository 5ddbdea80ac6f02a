import type { Interval } from '../types.js'
import type { Audit, ClassHarm, Harm, Impact } from './audit.js'

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
  const named = namedParts(audit)
  const rows = named.map(([name, harm]) => recallRow(name, harm, pairs))
  const sure = named.filter(
    ([name, { dense }]) => name[0] !== ' ' && (dense.calibrationError ?? dense.distance) !== null,
  )
  return [
    `Audit of ${networks} on ${samples} samples`,
    `Recalls in %, with intervals of ${short(100 * confidence)} %; lost and regained samples a pair`,
    '',
    ...aligned([[...HEAD], ...rows]),
    ...(sure.length > 0
      ? ['', ...aligned([[...SURENESS], ...sure.map(([name, harm]) => surenessRow(name, harm))])]
      : []),
    '',
    ...findings(audit),
    ...audit.notes.map((note) => `note: ${note}`),
  ].join('\n')
}

/** The parts of an audit with their names, in the order of the table. */
function namedParts({ overall, byClass, groups, classNames }: Audit): [string, Harm][] {
  const ofClass = (indent: string) => (one: ClassHarm) =>
    [`${indent}class ${classNames[one.class]}`, one] as [string, Harm]
  const grouped = Object.entries(groups).flatMap(([name, parts]) =>
    parts.flatMap((part): [string, Harm][] => [
      [`${name} ${part.value}`, part],
      ...part.byClass.map(ofClass('  ')),
    ]),
  )
  return [['all', overall], ...byClass.map(ofClass('')), ...grouped]
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

function findings({ byClass, classNames, ...audit }: Audit): string[] {
  const of = (one: number) => `class ${classNames[one]}`
  const { worstClass, mostHarmed, distortion, exemplars, correlations, samples } = audit
  const harmed = mostHarmed === null ? undefined : byClass[mostHarmed]!.difference!
  const { intensification, intensificationInterval } = distortion
  const apart = (intensification ?? 1) > 1 ? 'further apart' : 'nearer together'
  return [
    `worst class: ${of(worstClass.dense)} of the dense, ${of(worstClass.pruned)} of the pruned`,
    harmed === undefined
      ? 'most harmed: no class loses recall'
      : `most harmed: ${of(mostHarmed!)}, which loses ${short(-100 * harmed)} points`,
    ...impacts({ byClass, classNames, ...audit }),
    ...(intensification === null
      ? []
      : [
          `recall distortion: intensification ${withInterval(intensification, intensificationInterval)}, recalls are pulled ${apart}`,
        ]),
    `exemplars: ${exemplars.length} of ${samples} samples change their modal prediction`,
    ...(correlations && correlations.mean !== null
      ? [
          `rank correlations: ${short(correlations.mean)} on average; lowest ${correlations.lowest
            .slice(0, 3)
            .map(({ sample, correlation }) => `${short(correlation)} (sample ${sample})`)
            .join(', ')}`,
        ]
      : []),
  ]
}

/** The parts that are hit unlike the average, where that was tested. */
function impacts({ overall: _, byClass, groups, classNames, pairs }: Audit): string[] {
  if (pairs < 2) return []
  const parts: [string, Impact | null][] = [
    ...byClass.map((one): [string, Impact | null] => [
      `class ${classNames[one.class]}`,
      one.impact,
    ]),
    ...Object.entries(groups).flatMap(([name, values]) =>
      values.map((one): [string, Impact | null] => [`${name} ${one.value}`, one.impact]),
    ),
  ]
  const hit = parts.filter((part): part is [string, Impact] => part[1]?.isBeyondChance === true)
  if (hit.length === 0) return ['impact: no part is hit unlike the average beyond chance']
  return hit.map(([name, { difference, adjustedPValue }]) => {
    const way = difference < 0 ? 'harder' : 'less'
    const points = short(Math.abs(100 * difference))
    return `impact: ${name} is hit ${way} than the average, by ${points} points (p ${probability(adjustedPValue)})`
  })
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

function withInterval(value: number, interval: Interval | null): string {
  return interval
    ? `${short(value)} [${short(interval.lower)}, ${short(interval.upper)}]`
    : short(value)
}

function probability(value: number | null): string {
  if (value === null) return '-'
  return value < 0.0001 ? '<.0001' : `${Number(value.toPrecision(2))}`
}

function short(value: number): string {
  return `${Number(value.toPrecision(3))}`
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
