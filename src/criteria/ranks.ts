import { countBelow, countUpTo } from '../internal/mid-ranks.js'

/** Ranks from 1, the highest value last; equal values share the mean of their ranks. */
export function sharedRanks(values: ArrayLike<number>): Float64Array {
  const ascending = Float64Array.from(values).sort()
  return Float64Array.from(values, (value) => (countBelow(ascending, value) + countUpTo(ascending, value) + 1) / 2)
}

/** Ranks 1 to n, each once, the highest value last; among equal values the lower index ranks higher. */
export function strictRanks(values: ArrayLike<number>): Float64Array {
  const ascending = Float64Array.from(values).sort()
  const ranks = new Float64Array(values.length)
  // By the number of lower values: how many equal ones have been ranked.
  const ranked = new Uint32Array(values.length)
  for (let i = values.length - 1; i >= 0; i--) {
    const below = countBelow(ascending, values[i]!)
    ranked[below]!++
    ranks[i] = below + ranked[below]!
  }
  return ranks
}

/** Shared ranks among the elements that a mask keeps; 0 for the others. */
export function ranksAmongKept(values: ArrayLike<number>, mask: ArrayLike<number>): Float64Array {
  const kept = Int32Array.from({ length: values.length }, (_, i) => i).filter((i) => mask[i] !== 0)
  const ranks = new Float64Array(values.length)
  sharedRanks(Float64Array.from(kept, (i) => values[i]!)).forEach((rank, place) => {
    ranks[kept[place]!] = rank
  })
  return ranks
}
