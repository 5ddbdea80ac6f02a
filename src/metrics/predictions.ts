import { checkClasses, checkSamples } from '../internal/metric-checks.js'
import { checkNumber } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'

interface Rule {
  /** The caller's task, e.g. `compute lostPositives`. */
  readonly task: string
  readonly positiveClass?: number | undefined
  /** Number of classes, if the caller said it. */
  readonly classes?: number | undefined
}

/**
 * Throws unless there are samples and each list of predictions holds one class per label.
 * `predictions` has them by the word for messages, e.g. `{ dense, pruned }`.
 */
export function checkPredictions(
  labels: NumberArray,
  predictions: Record<string, NumberArray>,
  rule: Rule,
): void {
  const { task, positiveClass = 0, classes } = rule
  for (const [word, values] of Object.entries(predictions)) {
    checkSamples(labels, values, { task, name: `${word} predictions`, positiveClass })
  }
  for (const [word, values] of Object.entries(predictions)) {
    checkClasses(values, `Cannot ${task}: expected ${word} prediction`)
  }
  if (classes === undefined) return
  const accepts = (count: number) =>
    Number.isSafeInteger(count) && count >= 1 && count <= MOST_CLASSES
  checkNumber(classes, {
    task,
    name: 'classes',
    wanted: `a whole number from 1 to ${MOST_CLASSES}`,
    accepts,
  })
  for (const [word, values] of Object.entries({ label: labels, ...predictions })) {
    const name = word === 'label' ? word : `${word} prediction`
    for (let i = 0; i < values.length; i++) {
      if (values[i]! < classes) continue
      throw new RangeError(
        `Cannot ${task}: expected ${name} ${i} to be below the ${classes} classes, got ${values[i]}`,
      )
    }
  }
}

/** Tables by class are made for no more: a label of 4e9 is a mistake, and would take all memory. */
const MOST_CLASSES = 2 ** 20

/** One more than the highest class. Throws a RangeError for more classes than a table can hold. */
export function countClasses(task: string, ...lists: readonly NumberArray[]): number {
  let highest = 0
  for (const list of lists)
    for (let i = 0; i < list.length; i++) highest = Math.max(highest, list[i]!)
  if (highest < MOST_CLASSES) return highest + 1
  throw new RangeError(`Cannot ${task}: expected classes below ${MOST_CLASSES}, got ${highest}`)
}
