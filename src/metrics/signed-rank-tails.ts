import { normalCdf } from '../internal/normal.js'

/** Pairs beyond which the normal approximation takes over. */
export const MOST_EXACT_PAIRS = 200

/**
 * P(W >= w) over all signs, each rank counting or not with probability 1/2; ranks are doubled to be
 * whole.
 */
export function exactTail(doubled: Int32Array): (w: number) => number {
  const total = doubled.reduce((sum, rank) => sum + rank, 0)
  const probability = new Float64Array(total + 1)
  probability[0] = 1
  let reached = 0
  for (const rank of doubled) {
    reached += rank
    for (let w = reached; w >= 0; w--) {
      probability[w] = (probability[w]! + (w >= rank ? probability[w - rank]! : 0)) / 2
    }
  }
  return (w) =>
    Math.min(
      1,
      probability.subarray(w).reduceRight((sum, term) => sum + term, 0),
    )
}

/** The same with a normal W: mean total / 2, variance sum of rank^2 / 4. */
export function normalTail(doubled: Int32Array): (w: number) => number {
  let [total, squares] = [0, 0]
  for (const rank of doubled) {
    total += rank
    squares += rank * rank
  }
  return (w) => normalCdf((total / 2 - w) / Math.sqrt(squares / 4))
}
