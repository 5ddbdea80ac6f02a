import { factorise, solve } from './cholesky.js'

/** Share of a diagonal element that float32 sums cannot tell from 0. */
export const ROUNDING = 2 ** -23

/** Mean of x x^T over a layer's inputs x, square and row-major. */
export interface Curvature {
  /** Inputs of one output. */
  readonly size: number
  /** The matrix as it was gathered. */
  readonly products: ArrayLike<number>
  /** The number that is added to its diagonal. */
  readonly shift: number
  /** Inverse of the sum. */
  readonly inverse: Float64Array
}

/** The weights of one output. */
export interface OutputWeights {
  /** One number per input, 0 where there was no weight before; changed in place. */
  readonly values: Float64Array
  /** Which of them stay. */
  readonly kept: readonly boolean[]
}

/**
 * Least squares: moves the kept weights so that sum_x (x^T w' - x^T w)^2 + shift |w' - w|^2 is
 * least with the others at 0. Solves for the kept weights or for the pruned ones, whichever are
 * fewer.
 *
 * @returns Whether it could be solved.
 */
export function refit(curvature: Curvature, { values, kept }: OutputWeights): boolean {
  const { size, products, shift } = curvature
  const indices = [...kept.keys()]
  const stay = indices.filter((i) => kept[i])
  const go = indices.filter((i) => !kept[i])
  const onlyKept = stay.length <= go.length
  const chosen = onlyKept ? stay : go
  // The inverse takes far longer than all else: it is left alone where most weights go.
  const from = onlyKept ? products : curvature.inverse
  const count = chosen.length
  // H_SS d = H_SQ w_Q and w_S += d, or (H^-1)_QQ y = w_Q and w_S -= (H^-1)_SQ y.
  const matrix = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    const [row, at] = [chosen[a]! * size, a * count]
    for (let b = 0; b <= a; b++) matrix[at + b] = from[row + chosen[b]!]!
    if (onlyKept) matrix[at + a]! += shift
  }
  if (!factorise(matrix, count, onlyKept ? ROUNDING : 0)) return false
  const lost = Float64Array.from(go, (q) => values[q]!)
  const weighted = (row: number, weights: Float64Array) =>
    go.reduce((sum, q, b) => sum + from[row * size + q]! * weights[b]!, 0)
  if (onlyKept) {
    const moves = Float64Array.from(stay, (s) => weighted(s, lost))
    solve(matrix, count, moves)
    stay.forEach((s, a) => {
      values[s]! += moves[a]!
    })
  } else {
    solve(matrix, count, lost)
    for (const s of stay) values[s]! -= weighted(s, lost)
  }
  for (const q of go) values[q] = 0
  return true
}

/**
 * One weight after the other, the least w_q^2 / [H^-1]_qq of the start first: w -= H^-1 e_q w_q /
 * [H^-1]_qq for all weights that are there yet, with the w_q of that moment and the same H^-1
 * throughout.
 */
export function removeInTurn({ size, inverse }: Curvature, { values, kept }: OutputWeights): void {
  const left = new Set(values.keys())
  const cost = Float64Array.from(values, (value, i) => value ** 2 / inverse[i * size + i]!)
  for (const q of [...left].filter((i) => !kept[i]).sort((a, b) => cost[a]! - cost[b]!)) {
    const step = values[q]! / inverse[q * size + q]!
    left.delete(q)
    for (const i of left) values[i]! -= step * inverse[q * size + i]!
    values[q] = 0
  }
}
