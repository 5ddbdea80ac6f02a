import { describe } from '../internal/describe.js'
import { quietPromise } from '../internal/quiet-promise.js'
import type { WeightPlace } from '../types.js'
import { UnmatchedSelector } from './unmatched-selector.js'

/** A weight as a {@link Selector} function sees it. */
export interface SelectableWeight extends WeightPlace {
  /** Number of elements. */
  readonly size: number
}

/**
 * Names weights: the exact name of a weight, of a layer or of a nested model; a pattern that their
 * full name matches; a function that says true or false; or a list of these, of which one is enough.
 */
export type Selector =
  | string
  | RegExp
  | ((weight: SelectableWeight) => boolean)
  | readonly Selector[]

/** Whether a selector names the weight. */
export function matches(selector: Selector, weight: SelectableWeight): boolean {
  if (typeof selector === 'string') {
    return (
      weight.name === selector ||
      weight.layer === selector ||
      weight.layer.startsWith(`${selector}/`)
    )
  }
  // search() leaves `lastIndex` of a global pattern alone, test() would not.
  if (selector instanceof RegExp) return weight.name.search(selector) >= 0
  if (typeof selector === 'function') return answerOf(selector, weight)
  return selector.some((one) => matches(one, weight))
}

/** The answer of a function. Throws unless it is true or false: any other might mean either. */
function answerOf(selector: (weight: SelectableWeight) => unknown, weight: SelectableWeight) {
  const answer = selector(weight)
  if (typeof answer === 'boolean') return answer
  const got = quietPromise(answer) ? 'a promise' : describe(answer)
  throw new TypeError(
    `Cannot select weights: expected a selector function to say true or false, got ${got} for ${weight.name}`,
  )
}

/** Names that an error lists. */
const LISTED = 10

/** A weight that is left whole whatever a selector says, and why. */
export interface LeftWeight extends SelectableWeight {
  readonly reason: string
}

/**
 * Throws when the selector, or a part of it that is a text, names none of the weights: most likely
 * a slip of the pen.
 */
export function checkSelector(
  option: string,
  selector: Selector,
  weights: readonly SelectableWeight[],
  left: readonly LeftWeight[] = [],
): void {
  if (Array.isArray(selector)) {
    for (const one of selector as readonly Selector[]) checkSelector(option, one, weights, left)
    return
  }
  if (
    typeof selector !== 'string' &&
    !(selector instanceof RegExp) &&
    typeof selector !== 'function'
  ) {
    throw new TypeError(
      `Cannot select weights: expected a name, RegExp or function in ${option}, got ${selector}`,
    )
  }
  const named = (weight: SelectableWeight) => matches(selector as Selector, weight)
  if (typeof selector === 'function' || weights.some(named)) return
  const names = weights.slice(0, LISTED).map(({ name }) => name)
  const more = weights.length > LISTED ? ` and ${weights.length - LISTED} more` : ''
  const whole = left.find(named)
  const got = String(selector) + (whole ? `, left whole: ${whole.reason}` : '')
  throw new UnmatchedSelector(option, `to name one of ${names.join(', ')}${more}, got ${got}`)
}
