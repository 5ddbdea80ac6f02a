import { describe } from '../internal/describe.js'
import { maskByGroup } from './by-group.js'
import { checkLength } from './check-length.js'
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
  const mask = previous ?? new Uint8Array(grains?.of?.length ?? 0).fill(1)
  checkLength('expand a mask', 'previous mask values', { values: mask, grains })
  const got = groupMask?.length ?? describe(groupMask)
  if (got === grains.count) return maskByGroup(groupMask, grains, mask)
  throw new TypeError(`Cannot expand a mask: expected ${grains.count} mask values, got ${got}`)
}
