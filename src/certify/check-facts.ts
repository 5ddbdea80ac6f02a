import { describe } from '../internal/describe.js'
import { checkNumber } from '../internal/option-checks.js'

interface Place {
  readonly task: string
  readonly name: string
}

/** Throws unless a value is a density, in (0, 1]. */
export function checkDensity(value: unknown, place: Place): void {
  const accepts = (share: number) => share > 0 && share <= 1
  checkNumber(value, { ...place, wanted: 'a number in (0, 1]', accepts })
}

/** Throws unless a fingerprint is one of `weightsFingerprint`, or left out. */
export function checkFingerprintForm(fingerprint: unknown, { task, name }: Place): void {
  if (fingerprint === undefined) return
  const got = describe(fingerprint)
  if (typeof fingerprint !== 'string')
    throw new TypeError(`Cannot ${task}: expected a text at ${name}, got ${got}`)
  if (/^[0-9a-f]{16}$/.test(fingerprint)) return
  throw new RangeError(`Cannot ${task}: expected 16 hexadecimal digits at ${name}, got ${got}`)
}
