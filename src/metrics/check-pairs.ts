import { checkNumber } from '../internal/option-checks.js'
import type { NumberArray } from '../types.js'

/** Throws unless both lists hold as many finite numbers, and one at least. */
export function checkPairs(first: NumberArray, second: NumberArray, task: string): void {
  const lists = Object.entries({ first, second })
  for (const [name, list] of lists) {
    if (typeof list?.length === 'number') continue
    throw new TypeError(`Cannot ${task}: expected an array of ${name} values, got ${String(list)}`)
  }
  if (first.length !== second.length) {
    const got = `${second.length} for ${first.length}`
    throw new TypeError(`Cannot ${task}: expected as many second values as first ones, got ${got}`)
  }
  if (first.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one pair, got none`)
  for (const [name, list] of lists) {
    for (let i = 0; i < list.length; i++) {
      checkNumber(list[i], {
        task,
        name: `${name} value ${i}`,
        wanted: 'a finite number',
        accepts: Number.isFinite,
      })
    }
  }
}
