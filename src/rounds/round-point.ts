import type { TrainingState } from '../types.js'
import type { OptimizerState } from './optimizer-state.js'
import type { Round } from './round.js'

/** The state within a round that is being trained: plain data. */
export interface RoundPoint
  extends Pick<Round, 'round' | 'mask' | 'trained' | 'checkpoint' | 'movement'> {
  /** Density that the schedule asked for. */
  readonly density: number
  /** Names of the weights that keep the least number of elements that they may. */
  readonly atMinimum: readonly string[]
  /** Place in the training, and the state of the training function. */
  readonly training: TrainingState
  readonly optimizer: OptimizerState
  /** Those that were spent before the point. */
  readonly seconds: Omit<Round['seconds'], 'evaluation'>
}
