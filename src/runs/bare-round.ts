import type { Checkpoint, Round } from '../rounds/round.js'
import { isSameData } from './is-same-data.js'

/** The parts that all rounds of a run share. */
export interface SharedParts {
  readonly initial: Round['initial']
  readonly checkpoint?: Checkpoint | undefined
}

/** A round without the parts that it shares. */
export interface BareRound {
  readonly round: Omit<Round, 'initial' | 'checkpoint'>
  /** W0, where it is not the shared one. */
  readonly initial?: Round['initial']
  /** The checkpoint, where there is one. */
  readonly checkpoint?: 'shared' | Checkpoint
}

/** Leaves the shared parts of a round out. */
export function bareRound(
  { initial, checkpoint, ...round }: Round,
  shared: SharedParts,
): BareRound {
  const isShared = shared.checkpoint !== undefined && isSameData(checkpoint, shared.checkpoint)
  return {
    round,
    ...(!isSameData(initial, shared.initial) && { initial }),
    ...(checkpoint && { checkpoint: isShared ? 'shared' : checkpoint }),
  }
}

/** Puts the shared parts back: the same objects in all rounds. */
export function wholeRound({ round, initial, checkpoint }: BareRound, shared: SharedParts): Round {
  const point = checkpoint === 'shared' ? shared.checkpoint : checkpoint
  return { ...round, initial: initial ?? shared.initial, ...(point && { checkpoint: point }) }
}
