import type { OptionCheck, OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { oneOf, required } from '../../internal/option-checks.js'
import { optionError } from '../../internal/option-error.js'
import { checkLabel, checkName, checkNames, checkOnce, type RowLabel } from './row-labels.js'

/** Options of {@link bestPoints}. */
export interface BestPointsOptions {
  /** Names of the values that make the groups, such as `['set', 'system']`. */
  readonly by: readonly string[]
  /** Names of the knobs whose values are chosen, such as `['rate', 'epochs']`. */
  readonly knobs: readonly string[]
  /** Name of the number that is judged by, on validation data: null where a training diverged. */
  readonly figure: string
  /** Name of the value that the mean goes over, such as `seed`. */
  readonly over: string
  /** Whether a high figure or a low one is better. */
  readonly direction: 'maximise' | 'minimise'
  /** Seeds of the figures that are to be reported with the points; no row has one of them. */
  readonly reportedSeeds: readonly RowLabel[]
}

export const task = 'choose the best points'

const checkReported: OptionCheck = (value, { name }) => {
  if (!Array.isArray(value)) {
    const message = `Cannot ${task}: expected ${name} to be a list, got ${describe(value)}`
    throw optionError(new TypeError(message))
  }
  for (const seed of value) checkLabel(seed, { task, name: `each of ${name}` })
  checkOnce(value, { task, name })
}

const checkKnobs: OptionCheck = (value, option) => {
  checkNames(value, option)
  if ((value as readonly string[]).length > 0) return
  throw optionError(new RangeError(`Cannot ${task}: expected at least one knob, got none`))
}

export const bestPointsChecks: OptionChecks<BestPointsOptions> = {
  by: required(checkNames),
  knobs: required(checkKnobs),
  figure: required(checkName),
  over: required(checkName),
  direction: required(oneOf('maximise', 'minimise')),
  reportedSeeds: required(checkReported),
}

/** Throws where a name has two parts to play. */
export function checkRoles({ by, knobs, figure, over }: BestPointsOptions): void {
  checkOnce([...by, ...knobs, figure, over], { task, name: 'by, knobs, figure and over' })
}
