import type { Elements } from '../model/elements.js'
import type { ValueType } from '../model/value-type.js'
import { inPortions, type Work } from '../model/work.js'
import type { StoredType } from './codec.js'
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
  readonly type: StoredType | ValueType
  /** Flat index of each value. @default their own indices */
  readonly order?: Uint32Array | undefined
}

/** Throws {@link UnfitValues} for the first value of a weight that the type cannot hold. */
export function* checkFit(
  values: Elements,
  range: Range,
  { task, name, type, order }: Weight,
): Work<void> {
  yield* inPortions(values.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (range.fits(values[i]!)) continue
      const got = `${values[i]} at ${order?.[i] ?? i}`
      const reason = `expected ${range.holds} in ${name} for ${type}, got ${got}`
      throw new UnfitValues(task, reason)
    }
  })
}
