import type { OptionCheck, RequiredCheck } from './check-options.js'
import { describe } from './describe.js'
import { optionError } from './option-error.js'

interface Rule {
  /** The caller's task, e.g. `make weightedCrossentropy`. */
  readonly task: string
  /** Name of the option. */
  readonly name: string
}

interface NumberRule extends Rule {
  /** The allowed values in words, e.g. `a finite number above 0`. */
  readonly wanted: string
  readonly accepts: (value: number) => boolean
}

/**
 * Throws a TypeError for anything but a number, and a RangeError for a number that the rule does
 * not accept.
 */
export function checkNumber(value: unknown, { task, name, wanted, accepts }: NumberRule): void {
  const most = Number.isInteger(value) && (value as number) > Number.MAX_SAFE_INTEGER
  const all = most ? `${wanted}, at most 2^53 - 1` : wanted
  const message = `Cannot ${task}: expected ${name} to be ${all}, got ${describe(value)}`
  if (typeof value !== 'number') throw optionError(new TypeError(message))
  if (!accepts(value)) throw optionError(new RangeError(message))
}

/** Throws a RangeError unless `value` is one of `choices`. */
export function checkChoice(
  value: unknown,
  choices: readonly string[],
  { task, name }: Rule,
): void {
  if (choices.includes(value as string)) return
  const wanted = choices.map((choice) => `'${choice}'`).join(' or ')
  throw optionError(
    new RangeError(`Cannot ${task}: expected ${name} to be ${wanted}, got ${describe(value)}`),
  )
}

/** Makes a check of numbers from the allowed values in words, e.g. `in [0, 1)`, and in code. */
export function numberThat(wanted: string, accepts: (value: number) => boolean): OptionCheck {
  return (value, option) => checkNumber(value, { ...option, wanted, accepts })
}

/** Makes a check that a value is one of `choices`. */
export function oneOf(...choices: readonly string[]): OptionCheck {
  return (value, option) => checkChoice(value, choices, option)
}

/** A check that is also made where the option is left out. */
export function required(check: OptionCheck): RequiredCheck {
  return Object.assign((...args: Parameters<OptionCheck>) => check(...args), {
    required: true as const,
  })
}

/** Accepts every value: the option is checked where it is used. */
export const anything: OptionCheck = () => {}

/** Throws a TypeError unless `value` is true or false. */
export const checkFlag: OptionCheck = (value, { task, name }) => {
  if (typeof value === 'boolean') return
  throw optionError(
    new TypeError(`Cannot ${task}: expected ${name} to be true or false, got ${describe(value)}`),
  )
}

/** Throws unless `value` is a whole number of at least 1. */
export const checkCount: OptionCheck = numberThat(
  'a whole number of at least 1',
  (number) => Number.isSafeInteger(number) && number >= 1,
)

/** Throws unless `value` is a number between 0 and 1, both left out. */
export const checkFraction: OptionCheck = numberThat(
  'a number in (0, 1)',
  (number) => number > 0 && number < 1,
)

/** Throws unless `value` is a finite number. */
export const checkFinite: OptionCheck = numberThat('a finite number', Number.isFinite)

/** Throws unless `value` is a finite number above 0. */
export function checkPositive(value: unknown, rule: Rule): void {
  const accepts = (number: number) => Number.isFinite(number) && number > 0
  checkNumber(value, { ...rule, wanted: 'a finite number above 0', accepts })
}

/** Throws unless `value` is a finite number of at least 0. */
export function checkNotNegative(value: unknown, rule: Rule): void {
  const accepts = (number: number) => Number.isFinite(number) && number >= 0
  checkNumber(value, { ...rule, wanted: 'a finite number of at least 0', accepts })
}

/** Throws unless `value` is a whole number of at least 0. */
export function checkIndex(value: unknown, rule: Rule): void {
  const accepts = (number: number) => Number.isSafeInteger(number) && number >= 0
  checkNumber(value, { ...rule, wanted: 'a whole number of at least 0', accepts })
}
