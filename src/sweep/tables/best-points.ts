import { checkOptions } from '../../internal/check-options.js'
import {
  type BestPointsOptions,
  bestPointsChecks,
  checkRoles,
  task,
} from './best-points-options.js'
import { edgesOf, type KnobEdge } from './knob-edges.js'
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

/** A point of a grid with its figures. */
export interface TriedPoint {
  /** A value of each knob. */
  readonly point: RowLabels
  /** Mean of the figure; null where a training diverged. */
  readonly mean: number | null
  /** Trainings of the point, and those of them that diverged. */
  readonly count: number
  readonly diverged: number
  /** Seeds that other points of the group have, and this one lacks: it cannot be the best. */
  readonly missing: readonly RowLabel[]
}

/** The best point of a group. */
export interface BestPoint {
  readonly group: RowLabels
  /** Null where each point diverged or lacks a seed. */
  readonly point: RowLabels | null
  /** Its mean. */
  readonly mean: number | null
  /** Knobs of which it has the lowest or the highest value that was tried, or the only one. */
  readonly edges: Readonly<Record<string, KnobEdge>>
  /** Whether it has the lowest or the highest of several values: a wider grid may hold a better one. */
  readonly isAtEdge: boolean
  /** All points of the group, the best first. */
  readonly tried: readonly TriedPoint[]
}

interface Entry {
  readonly group: RowLabels
  readonly point: RowLabels
  readonly seed: RowLabel
  readonly value: number | null
}

/**
 * Chooses the values of knobs, such as rate and epochs, from the rows of a sweep: for each group
 * the point with the best mean over seeds that no reported figure uses.
 *
 * A training that diverged has null as its figure, and makes its point the worst. A point that lacks
 * a seed of its group cannot be the best, since its mean is over others. Of equal means the point
 * that comes first in the rows is the better: list cheap ones first. `edges` tells where the best
 * point has an outermost value of a knob, so that a wider grid may hold a better one. `tune` of
 * `tfjs-prune` chooses while it trains, at fewer trainings; this reads trainings that are done.
 *
 * @param rows Rows of a sweep, or others: plain objects, one a training.
 * @param options The names of groups, knobs, figure and seeds, and the seeds that are reported.
 * @returns One entry a group, in the order in which they come first: plain data.
 * @throws {TypeError} If something is no row, an option is missing or unknown, or a value is not of
 *   its type.
 * @throws {RangeError} If there is no row, a figure is NaN or infinite, a row has a seed that is
 *   reported, two rows have the same group, point and seed, or a name is taken twice.
 * @example
 * ```ts
 * import { bestPoints } from 'tfjs-prune/sweep'
 *
 * const rows = [101, 102].flatMap((seed) => [
 *   { system: 'plain', rate: 0.001, seed, auc: 0.9 },
 *   { system: 'plain', rate: 0.01, seed, auc: 0.95 },
 *   { system: 'plain', rate: 0.1, seed, auc: null },
 * ])
 * const [best] = bestPoints(rows, {
 *   ...{ by: ['system'], knobs: ['rate'], figure: 'auc', over: 'seed', direction: 'maximise' },
 *   reportedSeeds: [1, 2, 3],
 * })
 * if (best?.point?.rate !== 0.01 || best.isAtEdge) throw new Error('the middle rate')
 * ```
 */
export function bestPoints(rows: readonly object[], options: BestPointsOptions): BestPoint[] {
  checkOptions(options, { task, checks: bestPointsChecks })
  checkRoles(options)
  checkRows(rows, task)
  const entries = rows.map((row, place) => entryOf(row, place, options))
  checkEntries(entries, options)
  return grouped(entries, ({ group }) => group).map(({ labels, members }) =>
    bestOf(labels, members, options),
  )
}

function entryOf(row: object, place: number, options: BestPointsOptions): Entry {
  const { by, knobs, figure, over } = options
  const at = { task, place }
  const value = (row as Readonly<Record<string, unknown>>)[figure]
  const labels = labelsOf(row, [...by, ...knobs, over], at)
  return {
    group: labelsOf(row, by, at),
    point: labelsOf(row, knobs, at),
    seed: labels[over]!,
    value: value === null ? null : figureOf(value, { task, figure, row: inWords(labels) }),
  }
}

/** Throws where a seed is reported as well, or a training is there twice. */
function checkEntries(entries: readonly Entry[], { over, reportedSeeds }: BestPointsOptions): void {
  // A table of texts may hold '1' for the seed 1.
  const reported = new Set(reportedSeeds.map(String))
  const shared = [...new Set(entries.map(({ seed }) => seed))].filter((seed) =>
    reported.has(String(seed)),
  )
  if (shared.length > 0) {
    const got = `${over}=${shared.join(', ')} in both`
    throw new RangeError(
      `Cannot ${task}: expected seeds apart from those that are reported, got ${got}`,
    )
  }
  const seen = new Set<string>()
  for (const { group, point, seed } of entries) {
    const labels = { ...group, ...point, [over]: seed }
    if (seen.has(keyOf(labels)))
      throw new RangeError(`Cannot ${task}: expected one row with ${inWords(labels)}, got another`)
    seen.add(keyOf(labels))
  }
}

function bestOf(
  group: RowLabels,
  own: readonly Entry[],
  { direction }: BestPointsOptions,
): BestPoint {
  const seeds = [...new Set(own.map(({ seed }) => seed))]
  const points = grouped(own, ({ point }) => point)
  const sign = direction === 'maximise' ? 1 : -1
  const rank = ({ mean, missing }: TriedPoint) =>
    mean === null || missing.length > 0 ? Number.NEGATIVE_INFINITY : sign * mean
  const tried = points
    .map(({ labels, members }) => triedOf(labels, members, seeds))
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)))
  const [first] = tried
  const best = first && Number.isFinite(rank(first)) ? first : undefined
  const edges = best
    ? edgesOf(
        best.point,
        tried.map(({ point }) => point),
      )
    : {}
  return {
    group,
    point: best?.point ?? null,
    mean: best?.mean ?? null,
    edges,
    isAtEdge: Object.values(edges).some((edge) => edge !== 'only'),
    tried,
  }
}

function triedOf(point: RowLabels, runs: readonly Entry[], seeds: readonly RowLabel[]): TriedPoint {
  const values = runs.flatMap(({ value }) => value ?? [])
  const diverged = runs.length - values.length
  const sum = values.reduce((total, value) => total + value, 0)
  return {
    point,
    mean: diverged > 0 ? null : sum / values.length,
    count: runs.length,
    diverged,
    missing: seeds.filter((seed) => !runs.some((run) => run.seed === seed)),
  }
}
