import type { RunOperation } from './operations.js'
import type { Pair, Shape, SparseMatrix, Window } from './parts.js'
import type { TrainingOperation } from './training-operations.js'

export type * from './operations.js'
export type { Pair, Shape, SparseMatrix, Window }

/**
 * A network as plain data: operations in the order in which they run. Values between them are
 * numbered; each is written once. It knows nothing of tfjs and of the order of data in memory.
 */
export interface Network {
  /** Shape of each value. */
  readonly shapes: readonly Shape[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly steps: readonly Step[]
}

/** One operation: reads values and writes one. */
export interface Step {
  /** Path of the layer that it is of; a layer may have several steps. */
  readonly layer: string
  readonly operation: Operation
  readonly inputs: readonly number[]
  readonly output: number
}

export type Operation = RunOperation | TrainingOperation
