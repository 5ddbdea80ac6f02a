import { describe } from '../../internal/describe.js'
import { type LostPositives, lostPositives } from '../../metrics/lost-positives.js'
import { listOf } from '../../metrics/told-misses.js'
import type { Evaluation, NumberArray, RoundReport } from '../../types.js'
import { type ChartedRun, oneRun } from './charted-run.js'

/** Positives that a round loses or regains, by their places among the samples. */
export interface LostPositivesOfRound extends LostPositives {
  readonly round: number
  /** Kept share of the prunable weights. */
  readonly density: number
  /** Number of samples, of all classes. */
  readonly samples: number
}

const task = 'find lost positives'

/**
 * The positives that compression loses, round by round: those that the dense network finds and the
 * pruned one misses.
 *
 * It asks `lostPositives` of `tfjs-prune/metrics`, which takes predictions, for each round.
 *
 * @param charted The result of `prune`, or rounds whose evaluations hold labels and predictions, as
 *   those of `evaluateOn` do; the dense one is that with round 0.
 * @returns One entry for each round after the dense one that tells its predictions, in order.
 * @throws {TypeError} If something is no round.
 * @throws {RangeError} If no dense round, or no other one, tells its predictions, or two of them
 *   have other samples.
 *
 * @example
 * ```ts
 * import { lostPositivesByRound } from 'tfjs-prune/report'
 *
 * const seconds = { training: 1, scoring: 1, evaluation: 1 }
 * const rounds = [[1, 1, 0], [1, 0, 0]].map((predictions, round) => {
 *   const counts = { density: 0.5 ** round, densityOverAll: 0.5 ** round, kept: 8 / 2 ** round, weights: [] }
 *   const evaluation = { labels: [1, 1, 0], predictions, positiveClass: 1 }
 *   return { round, ...counts, evaluation, trainingLoss: 0.1, seconds }
 * })
 * const [half] = lostPositivesByRound(rounds)
 * if (half?.lost.join() !== '1') throw new Error('sample 1 is lost')
 * ```
 */
export function lostPositivesByRound(
  charted: ChartedRun | readonly RoundReport<object>[],
): LostPositivesOfRound[] {
  const told = oneRun(charted, task).rounds.flatMap((report) => predicted(report) ?? [])
  const dense = told.find(({ round }) => round === 0)
  const others = told.filter(({ round }) => round !== 0)
  if (!dense || others.length === 0) {
    const which = dense ? 'a pruned round' : 'the dense round'
    throw new RangeError(`Cannot ${task}: expected predictions of ${which}, got none`)
  }
  return others.map(({ round, density, labels, predictions, positiveClass }) => {
    checkSame(labels, dense.labels, round)
    const changed = lostPositives(labels, dense.predictions, predictions, { positiveClass })
    return { round, density, samples: labels.length, ...changed }
  })
}

interface Predicted {
  readonly round: number
  readonly density: number
  readonly labels: NumberArray
  readonly predictions: NumberArray
  readonly positiveClass: number
}

function predicted({ round, density, evaluation }: RoundReport<object>): Predicted | undefined {
  const { labels, predictions, positiveClass } = (evaluation ?? {}) as Partial<Evaluation>
  if (!labels || !predictions || positiveClass === undefined) return undefined
  return { round, density, labels: listOf(labels), predictions: listOf(predictions), positiveClass }
}

function checkSame(labels: NumberArray, dense: NumberArray, round: number): void {
  const isSame =
    labels.length === dense.length &&
    Array.prototype.every.call(labels, (label, i) => label === dense[i])
  if (isSame) return
  const got = `${describe(labels.length)} samples with others in round ${round}`
  throw new RangeError(`Cannot ${task}: expected the samples of the dense round, got ${got}`)
}
