import type { OptionCheck } from '../internal/check-options.js'

/** Throws unless a density is a number in (0, 1]. */
export const checkDensity: OptionCheck = (density, { task }) => {
  if (typeof density !== 'number') {
    throw new TypeError(`Cannot ${task}: expected a number as density, got ${typeof density}`)
  }
  if (!(density > 0 && density <= 1)) {
    throw new RangeError(`Cannot ${task}: expected a density in (0, 1], got ${density}`)
  }
}
