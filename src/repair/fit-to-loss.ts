import { factorise, solve } from '../criteria/cholesky.js'
import { dampingShift } from '../criteria/damping-shift.js'
import { ROUNDING } from '../criteria/layer-refit.js'
import { giveTurn } from '../internal/event-loop.js'
import type { LossGradients } from './loss-gradients.js'

interface Wanted {
  readonly damping: number
  /** The caller's task, in errors. */
  readonly task: string
  readonly signal?: AbortSignal | undefined
}

/** The change of the weights that stay, and the loss by its quadratic model. */
export interface FitToLoss {
  readonly change: Float64Array
  /** Rise of the mean loss by the mask alone. */
  readonly byMask: number
  /** The same with the change. */
  readonly byRepair: number
}

/**
 * Minimises, over the change d of the weights that stay,
 *
 *     (1/n) sum_b u_b^2 / 2 + shift |d|^2 / 2,   u_b = m_b + g_b . d
 *
 * with g_b the gradients of a batch and m_b their product with the mask's own change. Batches are
 * mostly far fewer than weights, so it is solved in their space: with K = G G^T / n,
 *
 *     (K + shift I) a = m / sqrt(n),   d = -G^T a / sqrt(n),   u = sqrt(n) shift a.
 */
export async function fitToLoss(
  { kept, byMask, samples }: LossGradients,
  { damping, task, signal }: Wanted,
): Promise<FitToLoss> {
  const batches = kept.length
  const root = Math.sqrt(samples)
  const matrix = new Float64Array(batches ** 2)
  const diagonal = new Float64Array(batches)
  for (const [i, row] of kept.entries()) {
    for (let j = 0; j <= i; j++) matrix[i * batches + j] = dot(row, kept[j]!) / samples
    diagonal[i] = matrix[i * batches + i]!
    signal?.throwIfAborted()
    await giveTurn()
  }
  if (diagonal.every((value) => value === 0)) {
    const wanted = 'a loss that depends on the weights that stay'
    const hint = 'a loss of pairs needs a batchSize, so that both classes are in a batch'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got gradients of 0: ${hint}`)
  }
  const shift = dampingShift(diagonal, { damping, task })
  for (let i = 0; i < batches; i++) matrix[i * batches + i]! += shift
  const solved = Float64Array.from(byMask, (product) => product / root)
  if (!factorise(matrix, batches, ROUNDING)) {
    const got = `a singular matrix of the gradients of ${batches} batches`
    throw new RangeError(`Cannot ${task}: expected a higher damping, got ${got}`)
  }
  solve(matrix, batches, solved)
  const change = new Float64Array(kept[0]!.length)
  for (const [b, row] of kept.entries()) {
    const factor = -solved[b]! / root
    for (let i = 0; i < change.length; i++) change[i]! += factor * row[i]!
  }
  const after = Array.from(solved, (a) => root * shift * a)
  return { change, byMask: rise(byMask, samples), byRepair: rise(after, samples) }
}

/** (1/n) sum_b u_b^2 / 2. */
function rise(products: readonly number[], samples: number): number {
  return products.reduce((sum, u) => sum + u ** 2 / 2, 0) / samples
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
