import type { Audit } from '../../audit/audit.js'
import { type NamedPart, namedParts } from '../../audit/named-parts.js'
import { checkOptions } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { type ChartTheme, themes } from './chart-theme.js'
import { makeChart } from './make-chart.js'
import { shortNames } from './short-names.js'

const task = 'chart the harm'
/** Pixels of a part. */
const ROW = 26

/**
 * The harm of pruning by class and by group: a row for each, with the change of its recall against
 * the dense network and the interval of it.
 *
 * @param audit An audit of `tfjs-prune/audit`.
 * @param options Colours and size.
 * @returns The chart as plain JSON; parts without samples are left out, and a note names them.
 * @throws {TypeError} If it is no audit, or an option does not exist.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { auditOutcomes } from 'tfjs-prune/audit'
 * import { harmChart } from 'tfjs-prune/report'
 *
 * const labels = [0, 0, 0, 0, 1, 1]
 * const audit = auditOutcomes(
 *   { labels, predictions: [0, 0, 0, 0, 1, 1] },
 *   { labels, predictions: [0, 0, 0, 0, 1, 0] },
 *   { classNames: ['well', 'ill'] },
 * )
 * const { finding } = harmChart(audit).usermeta
 * if (finding !== 'class ill loses most recall, 50 points, maybe by chance') throw new Error(finding)
 * ```
 */
export function harmChart(audit: Audit, options: ChartOptions = {}): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  checkAudit(audit, task)
  const parts = namedParts(audit).filter(({ isNested }) => !isNested)
  const drawn = parts.filter(({ harm }) => harm.samples > 0)
  const empty = parts.filter(({ harm }) => harm.samples === 0).map(({ name }) => name)
  const seeds = audit.pairs > 1 ? ` over ${audit.pairs} seeds` : ''
  return makeChart(
    {
      finding: findingOf(drawn),
      notes: [
        `Bars: ${Number((100 * audit.confidence).toPrecision(4))} % intervals${seeds}.`,
        ...(drawn.some(isLoss) ? ['Orange: intervals below 0.'] : []),
        ...(empty.length > 0 ? [`No samples: ${empty.join(', ')}.`] : []),
      ],
      height: 70 + ROW * drawn.length,
      view: viewOf(drawn, themes[options.theme ?? 'light']),
    },
    options,
  )
}

/** Throws unless a value looks like an audit. */
export function checkAudit(audit: Audit, action: string): void {
  if (audit?.version === 1 && Array.isArray(audit.byClass) && audit.overall) return
  const wanted = 'an audit of tfjs-prune/audit'
  throw new TypeError(`Cannot ${action}: expected ${wanted}, got ${describe(audit)}`)
}

/** Whether the interval of a part lies below 0. */
function isLoss({ harm: { differenceInterval } }: NamedPart): boolean {
  return differenceInterval !== null && differenceInterval.upper < 0
}

function findingOf(parts: readonly NamedPart[]): string {
  const [, ...compared] = parts // the first is all samples
  const hit = compared.reduce((most, part) =>
    part.harm.difference! < most.harm.difference! ? part : most,
  )
  const { difference } = hit.harm
  if (!(difference! < 0)) return 'No class or group loses recall'
  const points = Number((-100 * difference!).toPrecision(2))
  const unit = points === 1 ? 'point' : 'points'
  return `${hit.name} loses most recall, ${points} ${unit}${isLoss(hit) ? '' : ', maybe by chance'}`
}

function viewOf(parts: readonly NamedPart[], theme: ChartTheme) {
  const names = shortNames(
    parts.map(({ name }) => name),
    22,
  )
  const rows = parts.map(({ name, harm }, place) => ({
    ...{ part: names[place]!, name, samples: harm.samples },
    ...{ dense: 100 * harm.dense.recall!, pruned: 100 * harm.pruned.recall! },
    change: 100 * harm.difference!,
    ...(harm.differenceInterval && {
      lower: 100 * harm.differenceInterval.lower,
      upper: 100 * harm.differenceInterval.upper,
    }),
  }))
  const title = 'change of recall, points'
  const x = { type: 'quantitative', title, axis: { tickCount: 5 } }
  const [normal, harmed] = theme.series
  const color = { condition: { test: 'datum.upper < 0', value: harmed }, value: normal }
  const fields = ['name', 'samples', 'dense', 'pruned', 'change', 'lower', 'upper']
  return {
    data: { values: rows },
    encoding: {
      y: {
        field: 'part',
        type: 'ordinal',
        sort: names,
        title: null,
        axis: { ticks: false, labelLimit: 0 },
      },
    },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', color: theme.pale },
        encoding: { x: { datum: 0 }, y: null },
      },
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { x: { ...x, field: 'lower' }, x2: { field: 'upper' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          ...{ x: { ...x, field: 'change' }, color },
          tooltip: fields.map((field) => ({ field })),
        },
      },
    ],
  }
}
