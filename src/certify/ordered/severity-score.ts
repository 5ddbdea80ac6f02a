import type { NumberArray } from '../../types.js'

/**
 * Score of one class in an order of severity: its probability over that of all less severe classes
 * together, at most Number.MAX_VALUE.
 *
 * @param row Probabilities of one sample.
 * @param severity Classes, the most severe first.
 * @param place Place of the class in `severity`, not the last.
 */
export function severityScore(
  row: NumberArray,
  severity: readonly number[],
  place: number,
): number {
  let below = 0
  for (const index of severity.slice(place + 1)) below += row[index]!
  const own = row[severity[place]!]!
  return own === 0 ? 0 : Math.min(own / below, Number.MAX_VALUE)
}
