import { selectHighest } from './select-highest.js'

/**
 * Keeps exactly the `count` highest scores: an exact selection in linear time, without sorting.
 *
 * A sample of the scores says between which two the count-th highest lies; one pass keeps the scores
 * above them and lists those in between, most often a few in a hundred, where two histograms of 16
 * bits decide. Should the sample mislead, the pass lists all. Among equal scores the lower flat
 * index stays. -0 equals +0.
 *
 * @param scores Finite numbers, higher = keep; ignored where `among` is 0.
 * @param count How many to keep: a whole number from 0 to the number of ones in `among`.
 * @param among Previous mask, 1 = may be kept; all when left out.
 * @returns The new mask, 1 = kept: a subset of `among`.
 * @throws {TypeError} If `scores` is no Float32Array.
 * @throws {RangeError} If a score is NaN or infinite, `count` is out of range, or `among` has
 *   another length or values that are neither 0 nor 1.
 *
 * @example
 * ```ts
 * import { keepHighest } from 'tfjs-prune'
 *
 * const kept = keepHighest(Float32Array.of(0.3, 0.9, 0.9, 0.1), 2)
 * if (kept.join() !== '0,1,1,0') throw new Error('the two highest stay')
 * ```
 */
export function keepHighest(scores: Float32Array, count: number, among?: Uint8Array): Uint8Array {
  if (!(scores instanceof Float32Array)) {
    throw new TypeError(
      `Cannot keep the highest scores: expected a Float32Array, got ${typeof scores}`,
    )
  }
  const candidates = among ?? new Uint8Array(scores.length).fill(1)
  if (candidates.length !== scores.length) {
    throw new RangeError(
      `Cannot keep the highest scores: expected ${scores.length} mask values, got ${candidates.length}`,
    )
  }
  return selectHighest({ scores, mask: candidates }, count)
}
