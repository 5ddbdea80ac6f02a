import { numberThat } from '../internal/option-checks.js'

/** Throws unless a number of levels is a whole number of at least 1. */
export const checkLevels = numberThat(
  'a whole number of at least 1',
  (levels) => Number.isSafeInteger(levels) && levels >= 1,
)
