import { describe } from '../internal/describe.js'
import type { Mask } from './mask.js'

/** Throws a TypeError unless `mask` looks like a mask. */
export function checkIsMask(mask: Mask, task: string): void {
  const { values } = mask?.weights?.[0] ?? {}
  if (ArrayBuffer.isView(values)) return
  if (values) {
    const got = `${describe(values)}: JSON loses them; use encodeMask`
    throw new TypeError(`Cannot ${task}: expected typed arrays in the mask, got ${got}`)
  }
  throw new TypeError(`Cannot ${task}: expected a mask, such as round.mask, got ${describe(mask)}`)
}
