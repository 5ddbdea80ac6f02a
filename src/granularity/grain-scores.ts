import { checkChoice } from '../internal/option-checks.js'
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
 * @throws {TypeError} If scores, mask and groups are of different lengths.
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
  const { mask, combine = 'sum' } = options
  checkChoice(combine, ['sum', 'mean', 'norm'], { task: 'score groups', name: 'combine' })
  checkLength('score groups', 'scores', { values: scores, grains })
  if (mask) checkLength('score groups', 'mask values', { values: mask, grains })
  const sums = new Float64Array(grains.count)
  const sizes = new Int32Array(grains.count)
  for (let i = 0; i < scores.length; i++) {
    if (mask && mask[i] === 0) continue
    const group = grains.of[i]!
    const score = scores[i]!
    sums[group]! += combine === 'norm' ? score * score : score
    sizes[group]!++
  }
  if (combine === 'sum') return Float32Array.from(sums)
  return Float32Array.from(
    sums.map((sum, group) => (combine === 'norm' ? Math.sqrt(sum) : sum / (sizes[group]! || 1))),
  )
}

/** Throws a TypeError unless there is one value per element. */
export function checkLength(
  task: string,
  what: string,
  { values, grains }: { readonly values: ArrayLike<number>; readonly grains: Grains },
): void {
  if (values.length === grains.of.length) return
  throw new TypeError(`Cannot ${task}: expected ${grains.of.length} ${what}, got ${values.length}`)
}
