import { ascendingOrder } from './ascending-order.js'

/**
 * Scores 1 - place / n of the n kept elements in the greedy order that keeps each class's share of
 * the importance; 0 for elements that the mask does not keep, NaN for those with an importance that
 * is NaN.
 *
 * @param importances Of each class, one number an element; negative ones count as 0.
 * @param mask 1 = kept.
 */
export function orderByShares(
  importances: readonly ArrayLike<number>[],
  mask: ArrayLike<number>,
): Float32Array {
  const scores = new Float32Array(mask.length)
  const kept = Uint32Array.from(mask as ArrayLike<number>, (_, i) => i).filter((i) => mask[i] !== 0)
  const sound = kept.filter((i) => importances.every((own) => !Number.isNaN(own[i])))
  for (const i of kept) scores[i] = Number.NaN
  const parts = importances.map((own) => partOf(own, sound))
  const taken = new Uint8Array(mask.length)
  for (let place = 0; place < sound.length; place++) {
    const next = nextOf(parts, taken)
    taken[next] = 1
    scores[next] = 1 - place / sound.length
    for (const part of parts) part.kept += part.of(next)
  }
  return scores
}

/** The elements of one class, the most important first. */
interface Part {
  readonly of: (index: number) => number
  readonly order: Uint32Array
  /** Share of the class in the importance of all. */
  readonly total: number
  /** Importance of the elements that were taken. */
  kept: number
  /** Elements before this place in the order are taken. */
  next: number
}

function partOf(importances: ArrayLike<number>, indices: Uint32Array): Part {
  const of = (index: number) => Math.max(importances[index]!, 0)
  // The lower index first among equal ones: ascending by the negative.
  const order = ascendingOrder(
    Float32Array.from(importances, (_, i) => -of(i)),
    indices,
  )
  const total = indices.reduce((sum, index) => sum + of(index), 0)
  return { of, order, total, kept: 0, next: 0 }
}

/** The most important element that is left to the class that lags most. */
function nextOf(parts: readonly Part[], taken: Uint8Array): number {
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0)
  const [all, kept] = [sum(({ total }) => total), sum((part) => part.kept)]
  let [found, most] = [-1, Number.NEGATIVE_INFINITY]
  let rest = -1
  for (const part of parts) {
    while (part.next < part.order.length && taken[part.order[part.next]!] === 1) part.next++
    const index = part.order[part.next]!
    if (rest < 0 || index < rest) rest = index
    const lag = part.total / all - (kept === 0 ? 1 / parts.length : part.kept / kept)
    if (part.of(index) === 0 || lag <= most) continue
    found = index
    most = lag
  }
  return found < 0 ? rest : found
}
