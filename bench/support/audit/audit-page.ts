// The audit of the guide as Markdown.
import { type Audit, formatAudit, type Harm } from 'tfjs-prune/audit'

/** Recall by class and by brightness of an arm: a row a part. */
export function harmTable({ overall, byClass, groups, classNames }: Audit): string {
  const parts: [string, Harm][] = [
    ['all', overall],
    ...byClass.map((one): [string, Harm] => [`class ${classNames[one.class]}`, one]),
    ...groups.brightness!.map((one): [string, Harm] => [`brightness ${one.value}`, one]),
  ]
  const head = ['recall, %', 'samples', 'dense', 'pruned', 'change, points', 'p', 'exemplars']
  const rows = parts.map(([name, harm]) => [
    ...[name, `${harm.samples}`, tenth(harm.dense.recall), tenth(harm.pruned.recall)],
    ...[changeOf(harm), probability(harm.pValue), `${harm.exemplars}`],
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [head, head.map(() => '---'), ...rows].map(line).join('')
}

/** The findings of an audit, as `formatAudit` writes them. */
export function findingsText(audit: Audit): string {
  const lines = formatAudit(audit).split('\n')
  return lines.slice(lines.lastIndexOf('') + 1).join('\n')
}

function changeOf({ difference, differenceInterval: interval }: Harm): string {
  return `${tenth(difference)} [${tenth(interval!.lower)}, ${tenth(interval!.upper)}]`
}

const tenth = (share: number | null) => (100 * share!).toFixed(1).replace(/^-0\.0$/, '0.0')

function probability(value: number | null): string {
  if (value === null) return '-'
  return value < 0.0001 ? '<.0001' : `${Number(value.toPrecision(2))}`
}
