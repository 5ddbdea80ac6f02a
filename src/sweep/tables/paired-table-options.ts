import type { OptionChecks } from '../../internal/check-options.js'
import { checkFraction, oneOf, required } from '../../internal/option-checks.js'
import { optionError } from '../../internal/option-error.js'
import { checkLabel, checkName, checkNames, checkOnce, type RowLabel } from './row-labels.js'

/** Options of {@link pairedTable}. */
export interface PairedTableOptions {
  /** Name of the number that is compared, such as `auc`. */
  readonly figure: string
  /** Name of the value that makes the groups, such as `system`. */
  readonly by: string
  /** The group that each other one is compared with, such as `plain`. */
  readonly against: RowLabel
  /** Names of the values that make two rows a pair, such as `['seed']`. */
  readonly pair: readonly string[]
  /** Whether a high figure or a low one is better. */
  readonly direction: 'maximise' | 'minimise'
  /** Names of the values that part the table, such as `['set', 'density']`. @default [] */
  readonly within?: readonly string[]
  /**
   * The tests that Holm's correction reads together: all of the table, or those of each part by
   * themselves. @default 'table'
   */
  readonly family?: 'table' | 'part'
  /** Probability with which an interval holds, in (0, 1). @default 0.95 */
  readonly confidence?: number
}

export const task = 'make pairedTable'

export const pairedChecks: OptionChecks<PairedTableOptions> = {
  figure: required(checkName),
  by: required(checkName),
  against: required(checkLabel),
  pair: required((value, option) => {
    checkNames(value, option)
    if ((value as readonly string[]).length > 0) return
    const message = `Cannot ${option.task}: expected at least one name as pair, got none`
    throw optionError(new RangeError(message))
  }),
  direction: required(oneOf('maximise', 'minimise')),
  within: checkNames,
  family: oneOf('table', 'part'),
  confidence: checkFraction,
}

/** Throws where a name has two parts to play, which no table can show. */
export function checkRoles({ figure, by, pair, within = [] }: PairedTableOptions): void {
  checkOnce([figure, by, ...pair, ...within], { task, name: 'figure, by, pair and within' })
}
