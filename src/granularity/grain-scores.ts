import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { anything } from '../internal/option-checks.js'
import { scoresByGroup } from './by-group.js'
import { checkCombination } from './check-combination.js'
import { checkLength } from './check-length.js'
import type { Combination, Grains } from './granularity.js'

/** Options of {@link grainScores}. */
export interface GrainScoresOptions {
  /**
   * Previous mask by element, 1 = kept; scores of pruned elements do not count. @default all ones
   */
  readonly mask?: Uint8Array
  /** Sum, mean over the elements that are left, or root of the sum of squares. @default 'sum' */
  readonly combine?: Combination
}

const checks: OptionChecks<GrainScoresOptions> = { mask: anything, combine: checkCombination }

/**
 * One score per group of elements, combined in float64.
 *
 * `'sum'` of magnitudes is the L1 norm of a group, `'norm'` its L2 norm. Both favour large groups:
 * `'mean'` is right where groups differ in size, as blocks at the edge do, or units of different
 * layers that compete globally.
 *
 * @param scores One score per element, in flat order; ignored where the mask is 0.
 * @param grains The groups.
 * @param options The mask so far and the way to combine.
 * @returns `count` scores; 0 for a group that has nothing left.
 * @throws {TypeError} If scores, mask and groups are of different lengths, or an option is unknown.
 * @throws {RangeError} If `combine` is none of the three.
 *
 * @example
 * ```ts
 * import { grainScores } from 'tfjs-prune'
 *
 * const grains = { count: 2, of: Int32Array.of(0, 1, 0, 1) }
 * const scores = grainScores(Float32Array.of(3, 1, 4, 1), grains, { combine: 'norm' })
 * if (scores[0] !== 5) throw new Error('the norm of (3, 4)')
 * ```
 */
export function grainScores(
  scores: Float32Array,
  grains: Grains,
  options: GrainScoresOptions = {},
): Float32Array {
  checkOptions(options, { task: 'score groups', checks })
  const { mask } = options
  checkLength('score groups', 'scores', { values: scores, grains })
  if (mask) checkLength('score groups', 'mask values', { values: mask, grains })
  return scoresByGroup(scores, grains, options)
}
