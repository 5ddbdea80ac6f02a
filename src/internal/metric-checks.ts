import type { NumberArray } from '../types.js'
import type { OptionCheck } from './check-options.js'

interface Samples {
  /** The caller's task, e.g. `compute aucRoc`. */
  readonly task: string
  /** Name of the values beside the labels: `scores` or `predicted`. */
  readonly name: string
  readonly positiveClass: number
}

const isClass = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0

/**
 * Throws unless there are samples, as many labels as values, and the labels and the positive class
 * are class indices.
 */
export function checkSamples(
  labels: NumberArray,
  values: NumberArray,
  { task, name, positiveClass }: Samples,
): void {
  const cannot = `Cannot ${task}: expected`
  if (typeof labels?.length !== 'number')
    throw new TypeError(`${cannot} an array of labels, got ${String(labels)}`)
  if (typeof values?.length !== 'number')
    throw new TypeError(`${cannot} an array of ${name}, got ${String(values)}`)
  if (labels.length !== values.length) {
    throw new TypeError(
      `${cannot} as many ${name} as labels, got ${values.length} for ${labels.length}`,
    )
  }
  if (labels.length === 0) throw new RangeError(`${cannot} at least one sample, got none`)
  checkClass(positiveClass, `${cannot} positiveClass to be a class index`)
  checkClasses(labels, `${cannot} label`)
}

/**
 * Throws unless all values are class indices. `expected` begins the message, e.g.
 * `Cannot ...: expected label`.
 */
export function checkClasses(values: NumberArray, expected: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!isClass(values[i])) checkClass(values[i], `${expected} ${i} to be a class index`)
  }
}

/** Throws unless an option is a class index. */
export const checkClassIndex: OptionCheck = (value, { task, name }) =>
  checkClass(value, `Cannot ${task}: expected ${name} to be a class index`)

function checkClass(value: unknown, expected: string): void {
  if (typeof value !== 'number') throw new TypeError(`${expected}, got ${String(value)}`)
  if (!isClass(value)) throw new RangeError(`${expected}, got ${value}`)
}

/** Throws if a score is not a number. Infinite scores are in order. */
export function checkScores(scores: NumberArray, task: string): void {
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]
    if (typeof score !== 'number') {
      throw new TypeError(
        `Cannot ${task}: expected score ${i} to be a number, got ${String(score)}`,
      )
    }
    if (Number.isNaN(score))
      throw new RangeError(`Cannot ${task}: expected score ${i} to be a number, got NaN`)
  }
}
