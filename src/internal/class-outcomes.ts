import type { Evaluation } from '../types.js'

/** How many samples a class has and how many of them are missed. */
export interface ClassMisses {
  readonly positives: number
  readonly misses: number
}

/** Counts of the evaluation's own positive class, or of any other by labels and predictions. */
export function missesOf(
  evaluation: Evaluation,
  wanted: number | undefined,
  task: string,
): ClassMisses {
  if (wanted === undefined || wanted === evaluation.positiveClass) {
    if (!evaluation.confusion)
      throw new TypeError(`Cannot ${task}: expected an evaluation with a confusion, got none`)
    const { truePositives, falseNegatives } = evaluation.confusion
    return { positives: truePositives + falseNegatives, misses: falseNegatives }
  }
  const { labels, predictions } = samplesOf(evaluation, ['labels', 'predictions'], task)
  let [positives, misses] = [0, 0]
  labels.forEach((label, i) => {
    if (label !== wanted) return
    positives++
    if (predictions[i] !== wanted) misses++
  })
  return { positives, misses }
}

type Field = 'labels' | 'predictions' | 'scores' | 'positiveClass'
type With<F extends Field> = { readonly [K in F]-?: NonNullable<Evaluation[K]> }

/**
 * The fields that a rule stands on. Throws where evaluate left one out, or they are not of one
 * length.
 */
export function samplesOf<F extends Field>(
  evaluation: Evaluation,
  fields: readonly F[],
  task: string,
): With<F> {
  const missing = fields.find((field) => evaluation[field] === undefined)
  if (missing) {
    const wanted = `evaluate to return ${fields.join(', ')} (as evaluateOn does)`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got no ${missing}`)
  }
  const lists = fields.filter((field) => field !== 'positiveClass')
  const lengths = lists.map((field) => (evaluation[field] as ArrayLike<number>).length)
  const odd = lengths.findIndex((length) => length !== lengths[0])
  if (odd < 0) return evaluation as unknown as With<F>
  const got = `${lengths[odd]} for ${lengths[0]}`
  throw new TypeError(`Cannot ${task}: expected as many ${lists[odd]} as ${lists[0]}, got ${got}`)
}

/** Throws unless two rounds were measured on the same samples. */
export function checkSameSamples(first: Int32Array, second: Int32Array, task: string): void {
  const odd = first === second ? -1 : first.findIndex((label, i) => label !== second[i])
  if (first.length === second.length && odd < 0) return
  const got =
    first.length === second.length
      ? `other labels from sample ${odd} on`
      : `${second.length} samples`
  throw new RangeError(
    `Cannot ${task}: expected the ${first.length} samples of the first round, got ${got}`,
  )
}
