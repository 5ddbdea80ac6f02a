import type { Optimizer } from '@tensorflow/tfjs-core'
import type { Rewinder } from '../types.js'
import { hasSlots, type OptimizerSlots } from './optimizer-slots.js'
import type { Checkpoint } from './round.js'

/** The state that a loop gathered for the next rounds. */
export interface Gathered {
  checkpoint: Checkpoint | undefined
  optimizer: OptimizerSlots | undefined
  /** Whether the loop asked for the state that its optimizer begins with. */
  isRestored: boolean
}

interface HandedOn extends Readonly<Gathered> {
  readonly round: number
  readonly rewinder: Rewinder
  /** Whether there was a state to begin with. */
  readonly isGiven: boolean
}

/**
 * Throws a RangeError where a loop began with a fresh optimizer, or would let the next round begin
 * with one, though the rewinder says otherwise. Held optimizers without slots, such as SGD, have no
 * state to hand on.
 */
export async function checkHandedOn(held: readonly Optimizer[], handed: HandedOn): Promise<void> {
  const call = missingCall(handed)
  if (!call) return
  for (const optimizer of held) {
    if (!(await hasSlots(optimizer))) continue
    const { round, rewinder } = handed
    throw new RangeError(
      `Cannot finish round ${round}: expected the training loop to call ${call}, so that the ` +
        `optimizer is as ${rewinder.name} says, got no such call. A rewinder with optimizer: ` +
        "'fresh' needs none.",
    )
  }
}

function missingCall(handed: HandedOn): string | undefined {
  const { rewinder, isGiven, isRestored, optimizer, checkpoint } = handed
  if (isGiven && !isRestored) return 'restoreOptimizer(optimizer) before its first step'
  if (rewinder.optimizer === 'kept' && !optimizer)
    return 'keepOptimizer(optimizer) after its last step'
  const isBare = rewinder.optimizer === 'rewound' && checkpoint && !checkpoint.optimizer
  return isBare ? 'checkpoint with { optimizer }' : undefined
}
