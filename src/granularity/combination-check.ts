import { oneOf } from '../internal/option-checks.js'

/** Throws a RangeError unless the value is a {@link Combination}. */
export const checkCombination = oneOf('sum', 'mean', 'norm')
