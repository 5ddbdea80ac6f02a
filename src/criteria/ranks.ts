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
  const order = ascendingOrder(values, allOf(values.length))
  const left = new Uint32Array(groups).fill(values.length / groups) // ranks not given yet
  const ranks = new Float32Array(values.length)
  for (let end = order.length, begin: number; end > 0; end = begin) {
    const value = values[order[end - 1]!]!
    begin = end - 1
    while (begin > 0 && values[order[begin - 1]!] === value) begin--
    const isNumber = !Number.isNaN(value)
    for (let place = begin; place < end; place++) {
      const i = order[place]!
      const group = (inner === 1 ? i : Math.floor(i / inner)) % groups
      const rank = left[group]!--
      ranks[i] = isNumber ? rank : Number.NaN
    }
  }
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

function allOf(count: number): Uint32Array {
  const indices = new Uint32Array(count)
  for (let i = 0; i < count; i++) indices[i] = i
  return indices
}

function keptOf(mask: ArrayLike<number>): Uint32Array {
  const indices = new Uint32Array(mask.length)
  let count = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) indices[count++] = i
  return indices.subarray(0, count)
}
