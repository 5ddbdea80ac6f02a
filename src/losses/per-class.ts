import { checkPositive } from '../internal/option-checks.js'
import { checkCounts } from './class-checks.js'

/**
 * Throws a TypeError unless a list of one `item` per class, such as `weight`, fits the classes of a
 * batch.
 */
export function checkPerClass(
  list: ArrayLike<number>,
  rule: { task: string; item: string; classes: number },
): void {
  const { task, item, classes } = rule
  if (list.length === classes) return
  throw new TypeError(
    `Cannot ${task}: expected one ${item} for each of ${classes} classes, got ${list.length}`,
  )
}

/** The shares of the classes, given in one of two ways. */
export interface ClassShares {
  readonly counts?: ArrayLike<number> | undefined
  readonly priors?: ArrayLike<number> | undefined
}

/** Shares of the classes, which sum to 1, of counts or of numbers above 0. */
export function classPriors({ counts, priors }: ClassShares, task: string): number[] {
  if ((counts === undefined) === (priors === undefined)) {
    const got = counts === undefined ? 'neither' : 'both'
    throw new TypeError(`Cannot ${task}: expected either counts or priors, got ${got}`)
  }
  if (counts !== undefined) checkCounts(counts, task)
  else checkPriors(priors, task)
  const shares = Array.from((counts ?? priors)!)
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}

function checkPriors(priors: ArrayLike<number> | undefined, task: string): void {
  if (!(priors && priors.length >= 2)) {
    throw new TypeError(
      `Cannot ${task}: expected priors of at least 2 classes, got ${priors?.length ?? String(priors)}`,
    )
  }
  for (let index = 0; index < priors.length; index++) {
    checkPositive(priors[index], { task, name: `priors[${index}]` })
  }
}
