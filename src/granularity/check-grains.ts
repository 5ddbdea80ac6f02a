import type { WeightPlace } from '../types.js'
import type { Grains } from './granularity.js'

/**
 * Throws unless groups fit a weight: one group per element, all below `count`, and whole cells. For
 * granularities that users write.
 *
 * @param grains The answer of a granularity.
 * @param weight The weight that it was asked about.
 * @throws {TypeError} If the groups are no Int32Array with one entry per element.
 * @throws {RangeError} If a group is out of range, or `count` is no multiple of `cell`.
 *
 * @example
 * ```ts
 * import { checkGrains, units } from 'tfjs-prune'
 *
 * const weight = {
 *   name: 'out/kernel',
 *   layer: 'out',
 *   role: 'kernel',
 *   className: 'Dense',
 *   shape: [4, 3],
 * }
 * checkGrains(units().grains(weight), weight)
 * ```
 */
export function checkGrains(grains: Grains, { name, shape }: WeightPlace): void {
  const action = `Cannot group ${name}: expected`
  const size = shape.reduce((product, side) => product * side, 1)
  if (!(grains?.of instanceof Int32Array)) {
    throw new TypeError(`${action} an Int32Array of groups, got ${typeof grains?.of}`)
  }
  const { count, of, cell = 1 } = grains
  if (of.length !== size)
    throw new TypeError(`${action} groups of ${size} elements, got ${of.length}`)
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`${action} at least 1 group, got ${count}`)
  const wrong = of.find((group) => group < 0 || group >= count)
  if (wrong !== undefined)
    throw new RangeError(`${action} groups from 0 to ${count - 1}, got ${wrong}`)
  if (Number.isInteger(cell) && cell >= 1 && count % cell === 0) return
  throw new RangeError(`${action} a cell that divides ${count} groups, got ${cell}`)
}
