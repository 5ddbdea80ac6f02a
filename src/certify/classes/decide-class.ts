import { describe } from '../../internal/describe.js'
import type { NumberArray } from '../../types.js'
import { checkNumbers } from '../check-numbers.js'

/**
 * The class of one sample by class weights: argmax of weight times probability.
 *
 * The rule of `certifyClasses`. Equal products go to the lower class. A factor that all
 * probabilities of the sample share changes nothing, so that they need not sum to 1.
 *
 * @param probabilities One probability a class, at least 0 each; no logits.
 * @param weights One weight a class, above 0: those of the accepted round.
 * @returns The index of the class.
 * @throws {TypeError} If one of them is no list of numbers, or the lengths differ.
 * @throws {RangeError} If a value is not finite or out of range, or there are no classes.
 *
 * @example
 * ```ts
 * import { decideClass } from 'tfjs-prune/certify'
 *
 * const probabilities = [0.6, 0.3, 0.1]
 * if (decideClass(probabilities, [1, 1, 1]) !== 0) throw new Error('the most likely class')
 * if (decideClass(probabilities, [1, 1, 8]) !== 2) throw new Error('class 2 must not be missed')
 * ```
 */
export function decideClass(probabilities: NumberArray, weights: NumberArray): number {
  const task = 'decide on a class'
  for (const [name, values] of Object.entries({ probabilities, weights })) {
    if (typeof values !== 'object' || typeof values?.length !== 'number')
      throw new TypeError(`Cannot ${task}: expected a list of ${name}, got ${describe(values)}`)
  }
  if (probabilities.length !== weights.length || weights.length === 0) {
    const wanted = `${weights.length || 'some'} probabilities, one for each weight`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${probabilities.length}`)
  }
  const isWeight = (value: number) => Number.isFinite(value) && value > 0
  checkNumbers(weights, { task, wanted: 'weights above 0', accepts: isWeight })
  const accepts = (value: number) => Number.isFinite(value) && value >= 0
  const wanted = 'probabilities of at least 0'
  checkNumbers(probabilities, { task, wanted, accepts, hint: ': logits?' })
  return heaviestClass(probabilities, 0, weights)
}

/** argmax of weight times value in the row that begins at `begin`; the first of equal ones. */
export function heaviestClass(values: NumberArray, begin: number, weights: NumberArray): number {
  let place = 0
  for (let k = 1; k < weights.length; k++)
    if (values[begin + k]! * weights[k]! > values[begin + place]! * weights[place]!) place = k
  return place
}
