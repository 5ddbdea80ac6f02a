import { checkNotNegative } from '../internal/option-checks.js'
import type { Batch } from './labels.js'
import type { RankWeight, SideWeights } from './rank-weight.js'

/** Throws unless `lambda` is made of finite numbers of at least 0. */
export function checkLambda(lambda: unknown, rule: { task: string; name: string }): void {
  const list = Array.isArray(lambda) ? lambda : undefined
  if (list === undefined) checkNotNegative(lambda, rule)
  else if (list.length < 2) {
    throw new TypeError(
      `Cannot ${rule.task}: expected ${rule.name} to hold one entry per class, got ${list.length}`,
    )
  }
  for (const [index, entry] of list?.entries() ?? []) {
    const name = `${rule.name}[${index}]`
    if (typeof entry !== 'object' || entry === null) checkNotNegative(entry, { ...rule, name })
    else {
      checkNotNegative(entry.positives, { ...rule, name: `${name}.positives` })
      checkNotNegative(entry.negatives, { ...rule, name: `${name}.negatives` })
    }
  }
}

/**
 * Weights of the sides in each row of scores, 1/M included. Two classes share one row, that of the
 * positive class: the other's ranking problem is the same with the sides exchanged.
 */
export function rowWeights(lambda: RankWeight, { classes, positiveClass }: Batch): SideWeights[] {
  const perClass =
    typeof lambda === 'number' ? Array.from({ length: classes }, () => lambda) : lambda
  if (perClass.length !== classes) {
    const wanted = `one lambda for each of ${classes} classes`
    throw new TypeError(
      `Cannot compute squaredHingeRank: expected ${wanted}, got ${perClass.length}`,
    )
  }
  const sides = perClass.map((entry) =>
    typeof entry === 'number' ? { positives: entry, negatives: entry } : entry,
  )
  const row = (positives: number, negatives: number) => ({
    positives: positives / classes,
    negatives: negatives / classes,
  })
  if (classes > 2) return sides.map(({ positives, negatives }) => row(positives, negatives))
  const own = sides[positiveClass]!
  const other = sides[1 - positiveClass]!
  return [row(own.positives + other.negatives, own.negatives + other.positives)]
}
