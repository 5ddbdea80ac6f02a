import type { Evaluation, Train } from '../types.js'

/**
 * Throws if the losses of a run favour a class that no evaluation counts as positive: the misses of
 * the class that is looked at would grow without a word.
 */
export function checkFavoured(
  train: Train,
  evaluation: Evaluation,
  { rounds }: { readonly rounds: number },
): void {
  const all = [evaluation, ...Object.values(evaluation.sets ?? {})]
  const counted = all.flatMap(({ positiveClass }) => positiveClass ?? [])
  // Of one label among several: the loss speaks of its column.
  if (counted.length === 0 || all.some(({ label }) => label !== undefined)) return
  const each = Array.from({ length: rounds }, (_, round) => train.favoured?.(round) ?? [])
  const favoured = [...new Set(each.flat())]
  if (favoured.length === 0 || favoured.some((one) => counted.includes(one))) return
  const [wanted, got] = [counted, favoured].map((classes) => [...new Set(classes)].join(', '))
  throw new RangeError(
    `Cannot prune: expected a loss that favours class ${wanted}, which evaluate counts as positive, ` +
      `got one that favours class ${got}: give the loss positiveClass: ${counted[0]}, as in ` +
      `fit(data, { loss: paper.black({ positiveClass: ${counted[0]} }) }), or evaluate the other class`,
  )
}
