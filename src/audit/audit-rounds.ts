import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { describe } from '../internal/describe.js'
import { ofSet } from '../internal/named-set.js'
import { checkIndex } from '../internal/option-checks.js'
import type { Evaluation, RoundReport } from '../types.js'
import type { Audit } from './audit.js'
import { type AuditOutcomesOptions, auditChecks } from './audit-options.js'
import { auditOutcomes } from './audit-outcomes.js'
import { task } from './check-outcomes.js'
import type { Outcomes } from './outcomes.js'

/** Options of {@link auditRounds}. */
export interface AuditRoundsOptions extends AuditOutcomesOptions {
  /** Number of the pruned round. @default that which is kept, or else the last */
  readonly round?: number
  /** Name of the set of samples, where a run was measured on several. @default the first */
  readonly set?: string
}

/** A run that is audited: the result of `prune` is one. */
export interface AuditedRun {
  /** Finished rounds or reports, with evaluations as those of `evaluateOn`; round 0 among them. */
  readonly rounds: readonly RoundReport<object>[]
  /** The round that is kept. */
  readonly kept?: { readonly round: number } | undefined
}

const checks: OptionChecks<AuditRoundsOptions> = {
  ...auditChecks,
  round: checkIndex,
  set: (value, { name }) => {
    if (typeof value === 'string') return
    throw new TypeError(`Cannot ${task}: expected a text as ${name}, got ${describe(value)}`)
  },
}

/**
 * Audits the harm of pruning from finished rounds: round 0 against the kept one, by the labels,
 * predictions and scores of their evaluations.
 *
 * Several runs are seeds of one setting, evaluated on the same samples. An evaluation holds the
 * score of one class: with more than two classes `auditHarm`, its sibling that runs models, tells
 * the calibration and the rank correlations of all. Where `evaluateOn` had a threshold, the lowest
 * score that it calls positive stands for it in the distances to the boundary.
 *
 * @param runs The result of `prune`, or several.
 * @param options The round, groups, confidence, the classes and the bins of calibration.
 * @returns The audit: plain data.
 * @throws {TypeError} If something is no run, an evaluation lacks labels, predictions or the set,
 *   or an option is unknown or of the wrong type.
 * @throws {RangeError} If a run lacks round 0 or the asked one, keeps or asks for round 0, or
 *   `auditOutcomes` would throw one.
 *
 * @example
 * ```ts
 * import { auditRounds } from 'tfjs-prune/audit'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [[1, 1, 0], [1, 0, 0]].map((predictions, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   return { round, ...counts, evaluation: { labels: [1, 1, 0], predictions }, trainingLoss: 0.1, seconds }
 * })
 * if (auditRounds({ rounds }).byClass[1]?.difference !== -0.5) throw new Error('one of two is lost')
 * ```
 */
export function auditRounds(
  runs: AuditedRun | readonly AuditedRun[],
  options: AuditRoundsOptions = {},
): Audit {
  checkOptions(options, { task, checks })
  const { round, set, ...rest } = copyOptions(options, checks)
  const list = (Array.isArray(runs) ? runs : [runs]) as readonly AuditedRun[]
  for (const run of list) checkRun(run)
  return auditOutcomes(
    list.map((run) => outcomesIn(run, { round: 0, set })),
    list.map((run) => outcomesIn(run, { round: prunedRound(run, round), set })),
    rest,
  )
}

function checkRun(run: AuditedRun): void {
  if (Array.isArray(run?.rounds)) return
  const got = run?.rounds === undefined ? describe(run) : describe(run.rounds)
  const wanted = 'a run { rounds }, or a list of runs'
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
}

/** Number of the pruned round. Throws where it is the dense one: nothing would be compared. */
function prunedRound({ rounds, kept }: AuditedRun, asked: number | undefined): number {
  const round = asked ?? kept?.round ?? rounds.at(-1)?.round
  if (round !== 0) return round!
  throw new RangeError(`Cannot ${task}: expected a round after round 0, got round 0`)
}

interface Looked {
  readonly round: number
  readonly set: string | undefined
}

function outcomesIn({ rounds }: AuditedRun, { round: wanted, set }: Looked): Outcomes {
  const found = rounds.find(({ round }) => round === wanted)
  if (!found) {
    const numbers = rounds.map(({ round }) => round).join(', ') || 'none'
    throw new RangeError(`Cannot ${task}: expected round ${wanted}, got rounds ${numbers}`)
  }
  const evaluation: Partial<Evaluation> =
    set === undefined ? found.evaluation : ofSet(found.evaluation, set, task)
  const { labels, predictions, scores, positiveClass } = evaluation
  const decided = { labels, predictions } as Pick<Outcomes, 'labels' | 'predictions'>
  if (!scores || positiveClass === undefined) return decided
  const threshold = boundaryOf({ ...decided, scores, positiveClass })
  return { ...decided, scores, positiveClass, ...(threshold !== undefined && { threshold }) }
}

/**
 * The lowest score that is called positive, where one threshold other than 0 tells the predictions:
 * an evaluation does not carry its own.
 */
function boundaryOf({ scores = [], predictions, positiveClass }: Outcomes): number | undefined {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < (predictions?.length ?? 0); i++) {
    const score = scores[i]!
    if (predictions[i] === positiveClass) lowest = Math.min(lowest, score)
    else highest = Math.max(highest, score)
  }
  const isZero = lowest >= 0 && highest < 0
  return isZero || lowest <= highest || !Number.isFinite(lowest) ? undefined : lowest
}
