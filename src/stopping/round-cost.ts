import type { RoundReport } from '../types.js'
import { refuseChoice } from './refuse-choice.js'

/** Names of the numbers of a round of which less is better. */
export type RoundCost =
  | 'density'
  | 'densityOverAll'
  | 'kept'
  | 'trainingLoss'
  | 'falseNegativeRate'
  | 'falsePositiveRate'
  | 'loss'

/** Reads a number of a round by its name, or by a function. */
export function costOf(
  cost: RoundCost | ((round: RoundReport) => number),
): (round: RoundReport) => number {
  const measure = typeof cost === 'function' ? cost : reader(cost)
  return (round) => {
    const value = measure(round)
    if (typeof value === 'number') return value
    const wanted =
      typeof cost === 'function' ? 'minimise to return a number' : `rounds with a number as ${cost}`
    throw refuseChoice(TypeError, wanted, typeof value)
  }
}

function reader(name: RoundCost): (round: RoundReport) => number {
  switch (name) {
    case 'density':
    case 'densityOverAll':
    case 'kept':
    case 'trainingLoss':
      return (round) => round[name]
    case 'falseNegativeRate':
    case 'falsePositiveRate':
    case 'loss':
      return ({ evaluation }) => evaluation[name]
    default:
      throw refuseChoice(
        RangeError,
        'minimise to be a function or the name of a number of which less is better',
        String(name),
      )
  }
}
