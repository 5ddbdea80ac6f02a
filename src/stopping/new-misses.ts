import { type ClassMisses, checkSameSamples, samplesOf } from '../internal/class-outcomes.js'
import { clopperPearson } from '../metrics/clopper-pearson.js'
import type { RoundReport } from '../types.js'
import { type BoundOptions, provable } from './bound.js'

/** New misses, beside the positives that the dense network finds. */
interface Counted extends ClassMisses {
  readonly found: number
}

/** The new misses of a round, for the rules that judge by them. */
export interface NewMisses {
  readonly countOf: (round: RoundReport, rounds: readonly RoundReport[]) => Counted
  /** Exact upper bound of the share of new misses; NaN without positives. */
  readonly upperOf: (found: ClassMisses) => number
  /** The samples that the decision on a round stands on, in words. */
  readonly footing: (round: RoundReport, rounds: readonly RoundReport[]) => string
  /** Why no round can lose a positive, in words. */
  readonly whyBaseless: (dense: RoundReport) => string | undefined
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
    const counted = countOf(round, rounds)
    const { misses, found, positives } = counted
    const upper = positives > 0 ? `, at most a share of ${upperOf(counted).toPrecision(3)},` : ''
    const newly = `${misses} newly missed of ${found} that the dense network finds`
    return `${newly}${upper} of ${provable(positives, confidence)}`
  }
  const whyBaseless = (dense: RoundReport) => {
    const { found, positives } = countOf(dense, [dense])
    return positives > 0 && found === 0 ? `finds none of ${positives} positives` : undefined
  }
  return { countOf, upperOf, footing, whyBaseless }
}

/** Samples of the class that the first round predicts right and the second one does not. */
function countNewMisses(
  [first, second]: readonly [RoundReport, RoundReport],
  wanted: number | undefined,
  task: string,
): Counted {
  const dense = samplesOf(first.evaluation, ['labels', 'predictions'], task)
  const pruned = samplesOf(second.evaluation, ['labels', 'predictions'], task)
  checkSameSamples(dense.labels, pruned.labels, task)
  const own = wanted ?? samplesOf(first.evaluation, ['positiveClass'], task).positiveClass
  let [positives, found, misses] = [0, 0, 0]
  dense.labels.forEach((label, i) => {
    if (label !== own) return
    positives++
    if (dense.predictions[i] !== own) return
    found++
    if (pruned.predictions[i] !== own) misses++
  })
  return { positives, found, misses }
}
