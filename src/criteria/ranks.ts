import { ascendingOrder } from './ascending-order.js'

/**
 * Ranks of float32 values within their groups: 1 to the size of a group, each once, the highest
 * last; among equal ones the lower index ranks higher. NaN for a value that is NaN. All groups are
 * of one size: the value i is in the group floor(i / inner) mod groups.
 */
export function ranksWithinGroups(
  values: ArrayLike<number>,
  { groups, inner }: { readonly groups: number; readonly inner: number },
): Float32Array {
  const size = values.length
  const fromLast = new Uint32Array(size)
  for (let i = 0; i < size; i++) fromLast[i] = size - 1 - i
  const order = ascendingOrder(values, fromLast)
  const given = new Uint32Array(groups)
  const ranks = new Float32Array(size)
  for (let place = 0; place < size; place++) {
    const i = order[place]!
    const group = (inner === 1 ? i : Math.floor(i / inner)) % groups
    ranks[i] = ++given[group]!
  }
  for (let i = 0; i < size; i++) if (Number.isNaN(values[i]!)) ranks[i] = Number.NaN
  return ranks
}

/**
 * Ranks from 1 of float32 values among the elements that a mask keeps, the highest last; equal
 * values share the mean of their ranks. NaN for a value that is NaN, 0 for elements that the mask
 * does not keep.
 */
export function ranksAmongKept(values: ArrayLike<number>, mask: ArrayLike<number>): Float64Array {
  const ranks = new Float64Array(values.length)
  const order = ascendingOrder(values, keptOf(mask))
  forEachTie(values, order, (begin, end) => {
    const rank = Number.isNaN(values[order[begin]!]) ? Number.NaN : (begin + end + 1) / 2
    for (let place = begin; place < end; place++) ranks[order[place]!] = rank
  })
  return ranks
}

/** Shows each range of places in the order that has equal values. */
function forEachTie(
  values: ArrayLike<number>,
  order: Uint32Array,
  show: (begin: number, end: number) => void,
): void {
  let begin = 0
  while (begin < order.length) {
    const value = values[order[begin]!]
    let end = begin + 1
    while (end < order.length && values[order[end]!] === value) end++
    show(begin, end)
    begin = end
  }
}

function keptOf(mask: ArrayLike<number>): Uint32Array {
  const indices = new Uint32Array(mask.length)
  let count = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) indices[count++] = i
  return indices.subarray(0, count)
}
