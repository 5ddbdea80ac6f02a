import type { Criterion } from './criterion.js'
import type { WeightPlace } from './weights.js'

/** One weight as an {@link Allocator} sees it. */
export interface AllocationRequest
  extends Pick<WeightPlace, 'name' | 'layer' | 'shape'>,
    Partial<Pick<WeightPlace, 'role' | 'className'>> {
  /** Number of elements, or of groups where a granularity makes some, pruned ones included. */
  readonly size: number
  /** Elements that the previous mask keeps; the answer must not exceed it. */
  readonly kept: number
  /** Least number of elements to keep, at least 1 and at most `kept`. */
  readonly minimumKept: number
  /** Largest number of elements to keep, at most `kept`. */
  readonly maximumKept: number
  /** The criterion's scores in flat (row-major) order; meaningless where `mask` is 0. */
  readonly scores: Float32Array
  /** Previous mask in flat order, 1 = kept. */
  readonly mask: Uint8Array
}

/**
 * Says how many elements of each weight stay, in the order of `weights`, so that `density` in (0,
 * 1] is met.
 */
export interface Allocator {
  (weights: readonly AllocationRequest[], density: number): readonly number[]
  /** The criterion of a step or run that names none, where the scores have to be of one kind. */
  readonly criterion?: Criterion
}
