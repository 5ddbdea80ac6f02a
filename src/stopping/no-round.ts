import type { StoppingDecision } from '../types.js'

/** The decision before a round is finished. */
export const NO_ROUND: StoppingDecision = {
  stop: false,
  reason: 'no round is finished',
  keep: undefined,
}
