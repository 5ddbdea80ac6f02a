import type { OptionCheck } from './check-options.js'
import { describe } from './describe.js'
import { numberThat } from './option-checks.js'
import { optionError } from './option-error.js'

/** The false-positive rates at which misses are told where the caller fixes none. */
export const USUAL_RATES: readonly number[] = [0.05, 0.1]

/** Checks a fixed false-positive rate. At 1 nothing is missed, whatever the model. */
export const checkFixedRate: OptionCheck = numberThat('in [0, 1)', (rate) => rate >= 0 && rate < 1)

/** Checks a list of fixed false-positive rates, which may be empty. */
export const checkFixedRates: OptionCheck = (rates, { task, name }) => {
  if (!Array.isArray(rates)) {
    const message = `Cannot ${task}: expected ${name} to be a list of rates, got ${describe(rates)}`
    throw optionError(new TypeError(message))
  }
  for (const [i, rate] of rates.entries()) checkFixedRate(rate, { task, name: `${name}[${i}]` })
}
