import { describe } from '../internal/describe.js'
import type { Mask } from './mask.js'

/** Throws a TypeError unless `mask` looks like a mask. */
export function checkIsMask(mask: Mask, task: string): void {
  if (mask?.weights?.[0]?.values) return
  throw new TypeError(`Cannot ${task}: expected a mask, such as round.mask, got ${describe(mask)}`)
}
