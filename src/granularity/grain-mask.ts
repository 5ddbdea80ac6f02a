import { aliveByGroup } from './by-group.js'
import { checkLength } from './check-length.js'
import type { Grains } from './granularity.js'

/**
 * The mask of the groups: a group is alive as long as one of its elements is.
 *
 * @param mask One value per element in flat order, 1 = kept.
 * @param grains The groups.
 * @returns `count` values, 1 = alive; 0 for a group without elements.
 * @throws {TypeError} If the mask is of another length than the groups.
 *
 * @example
 * ```ts
 * import { grainMask } from 'tfjs-prune'
 *
 * const grains = { count: 2, of: Int32Array.of(0, 1, 0, 1) }
 * if (grainMask(Uint8Array.of(1, 0, 0, 0), grains).join() !== '1,0')
 *   throw new Error('group 1 is gone')
 * ```
 */
export function grainMask(mask: Uint8Array, grains: Grains): Uint8Array {
  checkLength('mask groups', 'mask values', { values: mask, grains })
  return aliveByGroup(mask, grains)
}
