import type { NumberArray } from '../types.js'

/**
 * The ranks of the absolute differences, doubled so that mid-ranks are whole, and their sums by
 * sign.
 */
export interface SignedRanks {
  /** In ascending order. */
  readonly doubled: Int32Array
  readonly positive: number
  readonly negative: number
}

/** A difference of a pair, and how far rounding alone may move it. */
export interface Difference {
  readonly value: number
  readonly tolerance: number
}

/**
 * The differences of pairs. One within its tolerance is 0: four roundings of the larger value of
 * the pair, so that 0.1 + 0.2 and 0.3 are equal.
 */
export function differencesOf(first: NumberArray, second: NumberArray): Difference[] {
  const isSingle = [first, second].some((values) => values instanceof Float32Array)
  const rounding = isSingle ? 2 ** -23 : 2 ** -52
  return Array.from(first, (a, i) => {
    const b = second[i]!
    const tolerance = 4 * rounding * Math.max(Math.abs(a), Math.abs(b))
    return { value: Math.abs(a - b) <= tolerance ? 0 : a - b, tolerance }
  })
}

/**
 * Ranks differences by size, ties sharing their mean rank. No difference is 0. Those tie that lie
 * within a tolerance of the least of them: 0.3 - 0.2 and 0.2 - 0.1 differ by rounding alone.
 */
export function signedRanks(differences: readonly Difference[]): SignedRanks {
  const ordered = [...differences].sort((a, b) => Math.abs(a.value) - Math.abs(b.value))
  const doubled = new Int32Array(ordered.length)
  let [positive, negative] = [0, 0]
  for (let start = 0; start < ordered.length; ) {
    let end = start + 1
    while (end < ordered.length && isTie(ordered[start]!, ordered[end]!)) end++
    const rank = start + 1 + end // ranks start + 1 ... end
    for (let i = start; i < end; i++) {
      doubled[i] = rank
      if (ordered[i]!.value > 0) positive += rank
      else negative += rank
    }
    start = end
  }
  return { doubled, positive, negative }
}

function isTie(a: Difference, b: Difference): boolean {
  return Math.abs(b.value) - Math.abs(a.value) <= Math.max(a.tolerance, b.tolerance)
}
