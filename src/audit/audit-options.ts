import type { OptionCheck, OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { checkCount, numberThat } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import { checkInside } from '../internal/rate-checks.js'
import { task } from './check-outcomes.js'

/** Options of {@link auditOutcomes}. */
export interface AuditOutcomesOptions {
  /**
   * Groups to look at beside the classes: by name, a text for each sample, such as
   * `{ scanner: ['a', 'b', 'a'] }`.
   *
   * @default none
   */
  readonly groups?: Readonly<Record<string, readonly string[]>>
  /**
   * Probability that an interval holds the true value, and 1 less the level of a test, between 0
   * and 1.
   *
   * @default 0.95
   */
  readonly confidence?: number
  /** Number of classes. @default as labels, predictions and logits show */
  readonly classes?: number
  /** Names of the classes, in the order of their indices. @default their numbers */
  readonly classNames?: readonly string[]
  /** Adaptive bins of the calibration error. @default 15 */
  readonly bins?: number
}

const checkGroups: OptionCheck = (value, { name }) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('an object with a list of texts by name', name, value)
  for (const [group, texts] of Object.entries(value)) {
    if (!Array.isArray(texts)) throw wrong('a list of texts', `${name}.${group}`, texts)
    const odd = texts.findIndex((text) => typeof text !== 'string')
    if (odd >= 0) throw wrong('a text', `${name}.${group}[${odd}]`, texts[odd])
  }
}

const checkNames: OptionCheck = (value, { name }) => {
  if (!Array.isArray(value)) throw wrong('a list of texts', name, value)
  const odd = value.findIndex((text) => typeof text !== 'string')
  if (odd >= 0) throw wrong('a text', `${name}[${odd}]`, value[odd])
}

function wrong(wanted: string, name: string, value: unknown): TypeError {
  const message = `Cannot ${task}: expected ${wanted} as ${name}, got ${describe(value)}`
  return optionError(new TypeError(message))
}

/** Checks of the options of {@link auditOutcomes}. */
export const auditChecks: OptionChecks<AuditOutcomesOptions> = {
  groups: checkGroups,
  confidence: checkInside,
  classes: numberThat(
    'a whole number of at least 2',
    (count) => Number.isSafeInteger(count) && count >= 2,
  ),
  classNames: checkNames,
  bins: checkCount,
}

/** Throws unless there is a text for each sample in each group. */
export function checkGroupLengths(
  groups: NonNullable<AuditOutcomesOptions['groups']>,
  samples: number,
): void {
  for (const [name, texts] of Object.entries(groups)) {
    if (texts.length === samples) continue
    const wanted = `a text for each of ${samples} samples as groups.${name}`
    throw optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${texts.length}`))
  }
}

/** Names of the classes; throws unless there is one for each. */
export function namesOf(names: readonly string[] | undefined, classes: number): readonly string[] {
  if (!names) return Array.from({ length: classes }, (_, index) => `${index}`)
  if (names.length === classes) return [...names]
  const wanted = `a name for each of ${classes} classes as classNames`
  throw optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${names.length}`))
}
