import { describe } from '../../internal/describe.js'
import type { PromisedRate } from '../rates/rate-certificate.js'
import { checkProvable } from '../rates/test-rate.js'

/** Largest false-negative rate by class: P(predicted != k | class k), each in (0, 1). */
export type ClassLimits = Readonly<Record<number, number>>

/** Throws unless limits are rates in (0, 1) by class index, at least one. */
export function checkLimits(
  limits: unknown,
  { task, name }: { readonly task: string; readonly name: string },
): void {
  const cannot = `Cannot ${task}: expected ${name}`
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) {
    throw new TypeError(`${cannot} as rates by class, { 3: 0.05 }, got ${describe(limits)}`)
  }
  const entries = Object.entries(limits as Record<string, unknown>)
  if (entries.length === 0) throw new RangeError(`${cannot} for at least one class, got none`)
  for (const [key, rate] of entries) {
    if (!/^(0|[1-9]\d*)$/.test(key))
      throw new RangeError(`${cannot} by class index, got ${JSON.stringify(key)}`)
    if (typeof rate !== 'number')
      throw new TypeError(`${cannot} of class ${key} to be a number, got ${describe(rate)}`)
    if (!(rate > 0 && rate < 1))
      throw new RangeError(`${cannot} of class ${key} to be between 0 and 1, got ${rate}`)
  }
}

/** The limited classes, in ascending order. */
export function limitedClasses(limits: ClassLimits): number[] {
  return Object.keys(limits)
    .map(Number)
    .sort((a, b) => a - b)
}

/**
 * The promise for each limited class on calibration samples of these classes. Throws where a class
 * has too few samples, and names it.
 */
export function promisesFor(
  limits: ClassLimits,
  { labels, confidence, task }: { labels: ArrayLike<number>; confidence: number; task: string },
): PromisedRate[] {
  const all = Array.from(labels)
  return limitedClasses(limits).map((index) => {
    const samples = all.filter((label) => label === index).length
    const promise: PromisedRate = {
      of: `misses of class ${index}`,
      class: index,
      maximumRate: limits[index]!,
      samples,
    }
    checkProvable(promise, { confidence, task })
    return promise
  })
}
