import type { Elements } from '../model/elements.js'
import type { ValueType } from '../model/value-type.js'
import { UnfitValues } from './unfit-values.js'

/** The values that a type can hold. */
export interface Range {
  /** In words. */
  readonly holds: string
  readonly fits: (value: number) => boolean
}

interface Weight {
  readonly task: string
  /** Layer path and role. */
  readonly name: string
  readonly type: ValueType
  /** 0 where a value is pruned: it does not count. */
  readonly mask?: Uint8Array | undefined
}

/** Throws {@link UnfitValues} for the first value of a weight that the type cannot hold. */
export function checkFit(values: Elements, range: Range, { task, name, type, mask }: Weight): void {
  for (let i = 0; i < values.length; i++) {
    if (range.fits(values[i]!) || mask?.[i] === 0) continue
    const reason = `expected ${range.holds} in ${name} for ${type}, got ${values[i]} at ${i}`
    throw new UnfitValues(task, reason)
  }
}
