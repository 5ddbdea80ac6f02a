import { needsMovement } from '../criteria/needs-movement.js'
import { bindMask } from '../masks/check-mask.js'
import { denseMaskOf } from '../masks/dense-mask.js'
import { maskStatistics } from '../masks/mask-statistics.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import type { Criterion, Rewinder } from '../types.js'
import { checkArrays } from './check-arrays.js'
import type { Round } from './round.js'

interface Taking {
  readonly resolved: ResolvedModel
  readonly rewinder: Rewinder
  readonly criterion: Criterion
}

/**
 * Round 0 of another run as that of this one. No criterion, allocation or selection has acted on
 * it. Throws unless it is dense and remembers all that the rewinder and the criterion ask for.
 */
export function takeDense(dense: Round, { resolved, rewinder, criterion }: Taking): Round {
  const { name, capture, optimizer } = rewinder
  const { mask, checkpoint, ...round } = dense ?? {}
  if (round.round !== 0 || !mask || mask.kept !== mask.size || !round.trained || !round.initial)
    throw refuse('round 0 of a run, with all its weights', 'another value')
  checkArrays(dense, { task: 'take the dense round', parts: [] })
  const own = denseMaskOf(resolved)
  bindMask(resolved.weights, mask)
  if (capture && !isCaptured(checkpoint, capture))
    throw refuse(`one that holds ${JSON.stringify(capture)} for ${name}`, 'another')
  const isStateless =
    (optimizer === 'rewound' && !checkpoint?.optimizer) ||
    (optimizer === 'kept' && !round.optimizer)
  if (isStateless) throw refuse(`one that holds the optimizer's state for ${name}`, 'another')
  if (needsMovement(criterion) && !round.movement)
    throw refuse('one that holds the movement for the criterion', 'another')
  const { density, densityOverAll, kept } = own
  const counts = { density, densityOverAll, kept, weights: maskStatistics(own) }
  return {
    ...round,
    ...counts,
    mask: own,
    rewinder: name,
    ...(capture && checkpoint && { checkpoint }),
  }
}

/** Whether a checkpoint is at the point that a rewinder captures. */
export function isCaptured(
  checkpoint: Round['checkpoint'],
  capture: NonNullable<Rewinder['capture']>,
): boolean {
  if (!checkpoint) return false
  const { epoch, step, batch } = checkpoint.position
  return 'epoch' in capture ? epoch === capture.epoch && batch === 0 : step === capture.step
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot take the dense round: expected ${wanted}, got ${got}`)
}
