import { checkNumber, checkPositive } from '../internal/option-checks.js'

/** Throws unless `weights` is a finite number above 0 or a list of at least two of them. */
export function checkClassWeights(
  weights: unknown,
  rule: { readonly task: string; readonly name: string },
): void {
  const list = Array.isArray(weights) ? weights : undefined
  if (list === undefined) checkPositive(weights, rule)
  else if (list.length < 2) {
    throw new TypeError(
      `Cannot ${rule.task}: expected ${rule.name} to hold one number per class, got ${list.length}`,
    )
  }
  for (const [index, weight] of list?.entries() ?? [])
    checkPositive(weight, { ...rule, name: `${rule.name}[${index}]` })
}

/**
 * Throws unless `counts` holds the number of samples of at least two classes, none of them empty.
 */
export function checkCounts(counts: ArrayLike<number>, task: string): void {
  if (!(counts?.length >= 2)) {
    throw new TypeError(
      `Cannot ${task}: expected counts of at least 2 classes, got ${counts?.length ?? String(counts)}`,
    )
  }
  const accepts = (number: number) => Number.isSafeInteger(number) && number >= 1
  for (let index = 0; index < counts.length; index++) {
    checkNumber(counts[index], {
      task,
      name: `counts[${index}]`,
      wanted: 'a whole number above 0',
      accepts,
    })
  }
}
