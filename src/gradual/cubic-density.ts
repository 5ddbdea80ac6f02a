import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import {
  anything,
  checkCount,
  checkIndex,
  checkNumber,
  numberThat,
  required,
} from '../internal/option-checks.js'

/** Options of {@link cubicDensity}. */
export interface CubicDensityOptions {
  /** Density at the end, in (0, 1). */
  readonly finalDensity: number
  /** Density at the beginning, in [finalDensity, 1]. @default 1 */
  readonly initialDensity?: number
  /** Finished steps (optimizer updates) at which pruning begins, at least 0. @default 0 */
  readonly begin?: number
  /** Finished steps at which the final density is reached, above `begin`. */
  readonly end: number
  /** Steps between two changes, at least 1. @default 1 */
  readonly every?: number
}

const task = 'make a cubic density'
const checks: OptionChecks<CubicDensityOptions> = {
  finalDensity: required(numberThat('in (0, 1)', (density) => density > 0 && density < 1)),
  initialDensity: anything, // between final and 1: checked together with it
  begin: checkIndex,
  end: required(checkIndex),
  every: checkCount,
}

/**
 * Density by training steps that falls fast at first and slowly at the end.
 *
 * d(t) = final + (initial - final) (1 - (t - begin) / (end - begin))^3 at t = begin, begin + every,
 * ... and at `end`; the value of the last of these steps in between, 1 before `begin`, and
 * `finalDensity` from `end` on. Sibling of `polynomial`, which goes by pruning rounds.
 *
 * @param options Both densities and the steps.
 * @returns The density after a number of finished steps: a function that never grows.
 * @throws {RangeError} If `finalDensity` is outside (0, 1), `initialDensity` outside [finalDensity,
 *   1], `begin` no whole number of at least 0, `end` none above `begin`, or `every` none of at
 *   least 1.
 * @see Zhu and Gupta 2017, To prune, or not to prune, arXiv 1710.01878, equation 1.
 *
 * @example
 * ```ts
 * import { cubicDensity } from 'tfjs-prune'
 *
 * const density = cubicDensity({ finalDensity: 0.2, begin: 100, end: 300, every: 100 })
 * const at = [0, 100, 199, 200, 300, 1000].map((step) => density(step).toFixed(2))
 * if (at.join() !== '1.00,1.00,1.00,0.30,0.20,0.20') throw new Error('seven eighths of the way after half of the steps')
 * ```
 */
export function cubicDensity(options: CubicDensityOptions): (step: number) => number {
  checkOptions(options, { task, checks })
  const { finalDensity, initialDensity = 1, begin = 0, end, every = 1 } = options
  checkNumber(initialDensity, {
    ...{ task, name: 'initialDensity', wanted: `in [${finalDensity}, 1]` },
    accepts: (density) => density >= finalDensity && density <= 1,
  })
  checkNumber(end, {
    ...{ task, name: 'end', wanted: `a whole number above begin, ${begin}` },
    accepts: (step) => step > begin,
  })
  return (step) => {
    if (step < begin) return 1
    if (step >= end) return finalDensity
    const changes = Math.floor((step - begin) / every)
    if (changes === 0) return initialDensity
    return (
      finalDensity + (initialDensity - finalDensity) * (1 - (changes * every) / (end - begin)) ** 3
    )
  }
}
