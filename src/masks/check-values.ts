import { sizeOf } from '../internal/size-of.js'
import type { WeightPlace } from '../types.js'
import { countOnes } from './count-ones.js'

interface CheckedWeight extends Pick<WeightPlace, 'name' | 'shape'> {
  readonly values: Uint8Array
  readonly kept?: number
}

/**
 * Throws unless the values of a weight are zeros and ones in its shape, and as many ones as it
 * says, if it says so.
 */
export function checkValues({ name, shape, values, ...said }: CheckedWeight, task: string): void {
  const size = sizeOf(shape)
  // Arrays of another realm count too.
  if (values?.BYTES_PER_ELEMENT !== 1 || values.length !== size) {
    const got = values?.BYTES_PER_ELEMENT === 1 ? `${values.length} values` : typeof values
    throw new TypeError(
      `Cannot ${task}: expected ${size} values in a Uint8Array for ${name}, got ${got}`,
    )
  }
  let seen = 0
  for (let i = 0; i < size; i++) seen |= values[i]!
  if (seen > 1)
    throw new RangeError(`Cannot ${task}: expected zeros and ones for ${name}, got another value`)
  const kept = countOnes(values)
  if ('kept' in said && said.kept !== kept) {
    const got = `${said.kept}: make changed masks anew by createMask`
    throw new RangeError(`Cannot ${task}: expected kept to be ${kept} for ${name}, got ${got}`)
  }
}
