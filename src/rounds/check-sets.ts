import { setNames } from '../internal/named-set.js'
import type { Round } from './round.js'

/**
 * Throws unless finished rounds were measured on the sets of this run, the same one first: rules
 * compare rounds by it. `names` is empty where a run has one set without a name.
 */
export function checkSets(rounds: readonly Round[], names: readonly string[]): void {
  for (const { round, evaluation } of rounds) {
    const measured = setNames(evaluation)
    if (measured[0] === names[0] && `${[...measured].sort()}` === `${[...names].sort()}`) continue
    const wanted = `rounds measured on ${inWords(names)}`
    const got = `round ${round} on ${inWords(measured)}`
    throw new RangeError(`Cannot resume: expected ${wanted}, got ${got}`)
  }
}

function inWords(names: readonly string[]): string {
  return names.join(', ') || 'one set without a name'
}
