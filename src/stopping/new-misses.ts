import { type ClassMisses, checkSameSamples, samplesOf } from '../internal/class-outcomes.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { RoundReport } from '../types.js'
import { type BoundOptions, provable } from './bound.js'

/** The new misses of a round, for the rules that judge by them. */
export interface NewMisses {
  readonly countOf: (round: RoundReport, rounds: readonly RoundReport[]) => ClassMisses
  /** Exact upper bound of the share of new misses; NaN without positives. */
  readonly upperOf: (found: ClassMisses) => number
  /** The samples that the decision on a round stands on, in words. */
  readonly footing: (round: RoundReport, rounds: readonly RoundReport[]) => string
}

/** Counts the positives that the dense network finds and a round misses. */
export function newMisses(
  { confidence = 0.95, positiveClass }: BoundOptions,
  task: string,
): NewMisses {
  const countOf = (round: RoundReport, rounds: readonly RoundReport[]) =>
    countNewMisses([rounds[0]!, round], positiveClass, task)
  const upperOf = ({ misses, positives }: ClassMisses) =>
    clopperPearson(misses, positives, { confidence, side: 'upper' }).upper
  const footing = (round: RoundReport, rounds: readonly RoundReport[]) => {
    const found = countOf(round, rounds)
    const upper =
      found.positives > 0 ? `, at most a share of ${upperOf(found).toPrecision(3)},` : ''
    return `${found.misses} newly missed${upper} of ${provable(found.positives, confidence)}`
  }
  return { countOf, upperOf, footing }
}

/** Samples of the class that the first round predicts right and the second one does not. */
function countNewMisses(
  [first, second]: readonly [RoundReport, RoundReport],
  wanted: number | undefined,
  task: string,
): ClassMisses {
  const dense = samplesOf(first.evaluation, ['labels', 'predictions'], task)
  const pruned = samplesOf(second.evaluation, ['labels', 'predictions'], task)
  checkSameSamples(dense.labels, pruned.labels, task)
  const own = wanted ?? samplesOf(first.evaluation, ['positiveClass'], task).positiveClass
  let [positives, misses] = [0, 0]
  dense.labels.forEach((label, i) => {
    if (label !== own) return
    positives++
    if (dense.predictions[i] === own && pruned.predictions[i] !== own) misses++
  })
  return { positives, misses }
}
