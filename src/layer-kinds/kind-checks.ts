import type { OptionCheck, OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import type { Dimension } from './layer-kind.js'

/** Throws a TypeError unless `value` is text. */
export const checkText: OptionCheck = (value, { task, name }) => {
  if (isText(value)) return
  const wanted = `${name} to be text that is not empty`
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(value)}`)
}

/** The check, whose messages say whose option it is. */
export function within(owner: string, check: OptionCheck): OptionCheck {
  return (value, { task, name }) => check(value, { task, name: `${name} of ${owner}` })
}

const checkSize = within('sizes', checkText)

/** The checks of an option name for each dimension. */
export const sizeChecks: OptionChecks<Partial<Record<Dimension, string>>> = {
  in: checkSize,
  out: checkSize,
  multiple: checkSize,
  gate: checkSize,
  state: checkSize,
  row: checkSize,
  middle: checkSize,
}

const dimensions = Object.keys(sizeChecks)

/** Throws unless `value` is a list of dimensions, each of them once. */
export const dimensionList: OptionCheck = listOf(`some of ${dimensions.join(', ')}`, (item) =>
  dimensions.includes(item as string),
)

/** Throws unless `value` is a list of names, each of them once. */
export const nameList: OptionCheck = listOf('at least one name', isText, 1)

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/**
 * Throws a TypeError for anything but a list, and a RangeError for too short a one and for a wrong
 * or repeated item.
 */
function listOf(wanted: string, accepts: (item: unknown) => boolean, least = 0): OptionCheck {
  return (value, { task, name }) => {
    const refusal = `Cannot ${task}: expected ${name} to be a list of ${wanted}, each once, got `
    if (!Array.isArray(value)) throw new TypeError(refusal + describe(value))
    if (value.length < least) throw new RangeError(`${refusal}an empty list`)
    for (const [i, item] of value.entries()) {
      const got = describe(item)
      if (!accepts(item)) throw new RangeError(refusal + got)
      if (value.indexOf(item) < i) throw new RangeError(`${refusal}${got} twice`)
    }
  }
}
