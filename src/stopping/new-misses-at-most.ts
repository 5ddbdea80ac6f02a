import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { type ClassMisses, checkSameSamples, samplesOf } from '../internal/class-outcomes.js'
import { checkNotNegative, numberThat } from '../internal/option-checks.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { Evaluation, RoundReport, StoppingRule } from '../types.js'
import { type BoundOptions, boundChecks, provable, withinBound } from './bound.js'

/** Options of {@link newMissesAtMost}: exactly one of `share` and `count`. */
export interface NewMissesOptions extends BoundOptions {
  /** Largest upper bound of the share of positives that are lost, in (0, 1]: for new samples. */
  readonly share?: number
  /** Largest number of evaluated positives that are lost, at least 0: for these samples only. */
  readonly count?: number
}

const task = 'bound the new misses'
const checks: OptionChecks<NewMissesOptions> = {
  ...boundChecks,
  share: numberThat('a share in (0, 1]', (share) => share > 0 && share <= 1),
  count: checkNotNegative,
}

/**
 * Keeps the sparsest round that loses few of the positives that the dense network finds.
 *
 * A new miss is a sample of the class that the first round predicts right and this round does not;
 * what this round finds in addition does not pay for it. `share` bounds upper: P(Bin(n+, upper) <=
 * new misses) = 1 - confidence; `count` the number itself, and the reasons tell the upper bound.
 *
 * @param options The limit, the confidence, the class and when to stop.
 * @returns A stopping rule for rounds that begin with the dense one; no feasible round is an
 *   explicit result. Without samples of the class nothing is met. It throws a TypeError if
 *   `evaluate` does not return `labels`, `predictions` and `positiveClass`, and a RangeError if the
 *   rounds were not measured on the same samples.
 * @throws {TypeError} If not exactly one of `share` and `count` is given, or an option is no
 *   number.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { newMissesAtMost } from 'tfjs-prune'
 *
 * const rule = newMissesAtMost({ share: 0.05, confidence: 0.95 })
 * if (rule([]).stop) throw new Error('no round is finished')
 * ```
 */
export function newMissesAtMost(options: NewMissesOptions): StoppingRule {
  checkOptions(options, { task, checks })
  checkLimit(options)
  const { share, count, confidence = 0.95, class: wanted } = options
  const newMisses = (round: RoundReport, rounds: readonly RoundReport[]) =>
    countNewMisses(rounds[0]!.evaluation, round.evaluation, wanted)
  const upperOf = ({ misses, positives }: ClassMisses) =>
    clopperPearson(misses, positives, { confidence, side: 'upper' }).upper
  const measure = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const found = newMisses(round, rounds)
    if (share !== undefined) return { value: upperOf(found), limit: share }
    return { value: found.positives > 0 ? found.misses : Number.NaN, limit: count! }
  }
  const footing = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const found = newMisses(round, rounds)
    const upper =
      found.positives > 0 ? `, at most a share of ${upperOf(found).toPrecision(3)},` : ''
    return `${found.misses} newly missed${upper} of ${provable(found.positives, confidence)}`
  }
  const what = share === undefined ? 'new misses' : 'upper bound of the share of new misses'
  return withinBound({ measure, what, footing }, options)
}

function checkLimit({ share, count }: NewMissesOptions): void {
  if ((share === undefined) !== (count === undefined)) return
  const got = share === undefined ? 'neither' : 'both'
  throw new TypeError(`Cannot ${task}: expected one of share and count, got ${got}`)
}

/** Samples of the class that the dense network predicts right and the other one does not. */
function countNewMisses(
  first: Evaluation,
  second: Evaluation,
  wanted: number | undefined,
): ClassMisses {
  const dense = samplesOf(first, ['labels', 'predictions'], task)
  const pruned = samplesOf(second, ['labels', 'predictions'], task)
  checkSameSamples(dense.labels, pruned.labels, task)
  const own = wanted ?? samplesOf(first, ['positiveClass'], task).positiveClass
  let [positives, misses] = [0, 0]
  dense.labels.forEach((label, i) => {
    if (label !== own) return
    positives++
    if (dense.predictions[i] === own && pruned.predictions[i] !== own) misses++
  })
  return { positives, misses }
}
