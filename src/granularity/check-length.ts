import { describe } from '../internal/describe.js'
import type { Grains } from './granularity.js'

/** Throws a TypeError unless there are groups, and one value per element. */
export function checkLength(
  task: string,
  what: string,
  { values, grains }: { readonly values: ArrayLike<number>; readonly grains: Grains },
): void {
  if (!(grains?.of instanceof Int32Array))
    throw new TypeError(`Cannot ${task}: expected grains { count, of }, got ${describe(grains)}`)
  const got = values?.length ?? describe(values)
  if (got === grains.of.length) return
  throw new TypeError(`Cannot ${task}: expected ${grains.of.length} ${what}, got ${got}`)
}
