import { type Scalar, Tensor } from '@tensorflow/tfjs-core'
import { askPiece, uncalledFactory } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import type { Loss, LossSchedule } from '../types.js'
import { isSchedule } from './updated-loss.js'

interface Outcome {
  readonly ys: Tensor
  readonly outputs: Tensor
  /** The caller's task, in errors. */
  readonly task: string
}

/**
 * The cost of a batch. Throws unless the loss returns a scalar; one that returns a loss or a
 * schedule, or that takes the labels for its options, makes losses.
 */
export function costOf(loss: Loss, { ys, outputs, task }: Outcome): Scalar {
  const piece = { task, name: 'loss', kind: 'a loss' } as const
  const cost: unknown = askPiece(loss, [ys, outputs], piece)
  if (cost instanceof Tensor && cost.rank === 0) return cost as Scalar
  if (isSchedule(cost as LossSchedule)) throw uncalledFactory(loss, piece)
  const got = cost instanceof Tensor ? `shape [${cost.shape}]` : describe(cost)
  throw new TypeError(`Cannot ${task}: expected the loss to return a scalar, got ${got}`)
}
