import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import { optionError } from '../internal/option-error.js'
import { checkTotals } from '../masks/check-totals.js'
import { checkValues } from '../masks/check-values.js'
import type { Mask } from '../masks/mask.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { combined, scoresOfPart } from './combined.js'
import { HIGHEST_SQUARE } from './finite-square.js'
import { ranksAmongKept } from './ranks.js'

/**
 * Scores of protected elements begin here: float32 has 2^23 numbers between this and twice this.
 */
const BAND = 2 * HIGHEST_SQUARE
/** The float32 below. */
const BELOW = BAND * (1 - 2 ** -24)

/**
 * Puts the elements that a mask keeps before all others, whatever scores a criterion gives the
 * rest: those that another task needs, say.
 *
 * It only orders: how many elements stay is the allocator's business. Where a weight keeps fewer
 * than are protected, the criterion decides among the protected. A protected element scores 2^101
 * (1 + (rank - 1) / n), rank that of its own score among the n protected ones that the previous
 * mask keeps; exact in float32 for up to 2^23 of them. Others keep their scores, up to 2^101.
 * Pruned elements stay pruned, and weights that the mask does not hold have nothing to protect.
 *
 * @param criterion Orders the protected elements among themselves, and the others.
 * @param mask The protected elements: 1 = protected.
 * @returns A criterion with the needs of the other; it throws a TypeError for a weight that has
 *   another shape in the mask. Its tensor has the weight's shape and belongs to the caller.
 * @throws {TypeError} If the criterion is no function, or the mask none.
 * @throws {RangeError} If values of the mask were changed since it was made.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { createMask, magnitude, protecting } from 'tfjs-prune'
 *
 * const place = { name: 'out/kernel', layer: 'out', role: 'kernel' }
 * const mask = createMask([{ ...place, shape: [3], values: Uint8Array.of(0, 1, 0) }], 3)
 * const weight = { ...place, round: 1, mask: tensor1d([1, 1, 1]), initial: tensor1d([0, 0, 0]) }
 * const score = protecting(magnitude(), mask)({ ...weight, final: tensor1d([5, 1, 3]) }).dataSync()
 * if (!(score[1]! > score[0]! && score[0]! > score[2]!)) throw new Error('the small one comes first')
 * ```
 */
export function protecting(criterion: Criterion, mask: Mask): Criterion {
  const task = 'make protecting'
  if (!Array.isArray(mask?.weights))
    throw optionError(new TypeError(`Cannot ${task}: expected a mask, got ${typeof mask}`))
  for (const weight of mask.weights) checkValues(weight, task)
  checkTotals(mask, task)
  const held = new Map(mask.weights.map((weight) => [weight.name, weight]))
  return combined(task, [criterion], (weight) => {
    const scores = scoresOfPart(task, criterion, weight)
    const own = held.get(weight.name)
    if (!own) return scores
    if (own.shape.join() !== scores.shape.join()) {
      const got = `[${own.shape.join(', ')}]`
      const wanted = `a protecting mask of shape [${scores.shape.join(', ')}]`
      throw new TypeError(`Cannot score ${weight.name}: expected ${wanted}, got ${got}`)
    }
    return lift(scores, weight, own.values)
  })
}

function lift(scores: Tensor, { mask }: ScoredWeight, held: Uint8Array): Tensor {
  const [values, kept] = [scores.dataSync(), mask.dataSync()]
  const isProtected = new Uint8Array(held.length)
  let count = 0
  for (let i = 0; i < held.length; i++)
    count += isProtected[i] = held[i] === 1 && kept[i] !== 0 ? 1 : 0
  const ranks = ranksAmongKept(values, isProtected)
  const lifted = new Float32Array(held.length)
  for (let i = 0; i < lifted.length; i++) {
    lifted[i] =
      isProtected[i] === 1 ? BAND * (1 + (ranks[i]! - 1) / count) : Math.min(values[i]!, BELOW)
  }
  return tensor(lifted, scores.shape)
}
