import { checkLength } from './grain-scores.js'
import type { Grains } from './granularity.js'

/**
 * The mask of the elements: those of kept groups stay, as far as the mask before keeps them.
 *
 * @param groupMask One value per group, 1 = kept.
 * @param grains The groups.
 * @param previous Mask before by element, 1 = kept. @default all ones
 * @returns One value per element in flat order: a subset of `previous`.
 * @throws {TypeError} If there are more or fewer mask values than groups, or than elements.
 *
 * @example
 * ```ts
 * import { expandGrains } from 'tfjs-prune'
 *
 * const grains = { count: 2, of: Int32Array.of(0, 1, 0, 1) }
 * const mask = expandGrains(Uint8Array.of(0, 1), grains, Uint8Array.of(1, 1, 1, 0))
 * if (mask.join() !== '0,1,0,0') throw new Error('the rest of group 1')
 * ```
 */
export function expandGrains(
  groupMask: Uint8Array,
  grains: Grains,
  previous?: Uint8Array,
): Uint8Array {
  if (groupMask.length !== grains.count) {
    throw new TypeError(
      `Cannot expand a mask: expected ${grains.count} mask values, got ${groupMask.length}`,
    )
  }
  if (previous) checkLength('expand a mask', 'previous mask values', { values: previous, grains })
  const mask = previous ? previous.slice() : new Uint8Array(grains.of.length).fill(1)
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i]! & groupMask[grains.of[i]!]!
  return mask
}
