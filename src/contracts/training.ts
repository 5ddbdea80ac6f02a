import type { Optimizer, Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { EngineUsed } from './engine.js'
import type { BudgetFeasibility } from './loss.js'
import type { TrainingPoint } from './rewinder.js'
import type { TaughtOutputs, Teacher } from './teaching.js'

/** A place in a round's training. */
export interface TrainingPosition {
  /** Finished epochs of the whole schedule. */
  readonly epoch: number
  /** Finished steps (optimizer updates) of the whole schedule. */
  readonly step: number
  /** Finished batches of the epoch under way. */
  readonly batch: number
}

/** The state of a training between two epochs, beside the weights and the optimizer. */
export interface TrainingState {
  /** Finished epochs and steps of the whole schedule. */
  readonly position: TrainingPosition
  /** Plain data of the training function, such as its best epoch so far; typed arrays are kept. */
  readonly own?: unknown
}

/** Keeps the state within a round, in a run with a store. */
export interface TrainingPoints {
  /**
   * The state that the round goes on from: the model has its weights, and `restoreOptimizer` gives
   * its slots. Undefined at the start of a round.
   */
  readonly from: TrainingState | undefined
  /**
   * Throws unless all that an optimizer carries from step to step can be kept; to be asked before the
   * first step.
   */
  readonly check: (optimizer: Optimizer) => void
  /** Keeps weights, optimizer and state, in place of the point before. To be called between epochs. */
  readonly save: (state: TrainingState, optimizer: Optimizer) => Promise<void>
}

/** The input of a caller's own training code at each round. */
export interface TrainingContext {
  /** The caller's model: the weights of this round, pruned ones at 0. */
  readonly model: LayersModel
  /** Round to train; 0 is the dense network. */
  readonly round: number
  /** Density over the prunable weights, in (0, 1]. */
  readonly density: number
  /**
   * Wraps an optimizer so that pruned weights stay 0; the tensors of the wrapper are disposed after
   * the round.
   */
  readonly hold: (optimizer: Optimizer) => Optimizer
  /** Where the learning-rate schedule and the batches of this round begin. */
  readonly resumeAt: TrainingPosition
  /** The learning-rate schedule runs from `resumeAt`, or stays at its last value. */
  readonly learningRate: 'rewound' | 'last'
  /** The batches come in the order of round 0 again, or the order goes on from round to round. */
  readonly dataOrder: 'rewound' | 'continued'
  /**
   * To be called after each epoch or step when the rewinder captures one; cheap otherwise. Counts
   * are those of finished epochs and steps in the whole schedule. With the optimizer, whose slots a
   * rewinder such as `rewindTo` wants back; a loop that leaves them out is refused.
   */
  readonly checkpoint: (
    at: Partial<TrainingPosition> & { readonly optimizer?: Optimizer },
  ) => Promise<void>
  /**
   * Gives a new optimizer the slots that the rewinder asks for; does nothing when it asks for fresh
   * ones. A loop that goes on with fresh slots instead is refused after its round.
   */
  readonly restoreOptimizer: (optimizer: Optimizer) => Promise<void>
  /**
   * To be called at the end of a round when the rewinder keeps optimizer slots; cheap otherwise. A
   * loop that loses them is refused after its round.
   */
  readonly keepOptimizer: (optimizer: Optimizer) => Promise<void>
  /** Tells the caller's `onProgress` how far the round is, after an epoch or a batch. */
  readonly progress: (event: TrainingProgress | BatchProgress) => void
  /** The caller's signal; long loops should look at it. */
  readonly signal: AbortSignal | undefined
  /** The network to learn from beside the labels, from round 1 on; undefined without `teach`. */
  readonly teacher?: Teacher | undefined
  /**
   * Does work while the model has the trained weights of round 0, and gives it its own back; from
   * round 1 on. To be called before the first step, one call at a time: another is refused while
   * one is under way.
   */
  readonly withDense?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined
  /** Elements that are kept, 1, and those that stay 0, by the weight's variable. */
  readonly kept?: ReadonlyMap<Variable, Uint8Array>
  /** The point that `checkpoint` captures in this round; none where it captures nothing. */
  readonly capture?: TrainingPoint | undefined
  /** The criterion looks at the gradients of each step of a held optimizer. @default false */
  readonly isWatched?: boolean
  /** Where a run has a store, for a training function that says `keepsPoints`. */
  readonly points?: TrainingPoints | undefined
}

/** How far the training of a round is. */
export interface TrainingProgress {
  /** Finished epochs of this round. */
  readonly epoch: number
  /** Epochs that this round will take. */
  readonly epochs: number
  /** Mean training loss of the last finished epoch, the teacher's part included. */
  readonly loss: number
}

/** How far an epoch of a round is. */
export interface BatchProgress {
  /** Finished epochs of this round. */
  readonly epoch: number
  /** Epochs that this round will take. */
  readonly epochs: number
  /** Finished batches of the epoch under way. */
  readonly batch: number
  /** All batches of the epoch; undefined in an epoch that must be read to be counted. */
  readonly batches: number | undefined
  /**
   * Loss of the batch. Left out where it lies on a device and nobody has read it, as that costs:
   * `fit` tells it with an engine, and for callbacks with `onBatchEnd`.
   */
  readonly loss?: number
}

/** The answer of a training function about its round. */
export interface TrainingResult {
  /** Training loss at the end of the round. */
  readonly loss?: number
  /** Epoch whose weights the model now holds. */
  readonly epoch?: number
  /** Who trained the model, where an engine was handed in. */
  readonly engine?: EngineUsed
  /** How the budgets on misses stand, where the loss has some. */
  readonly budgets?: readonly BudgetFeasibility[]
}

/** Trains the model of one round in place. */
export interface Train {
  (context: TrainingContext): Promise<TrainingResult | void> | TrainingResult | void
  /** Throws if it cannot train the model; asked before any weight changes. */
  readonly check?: (model: LayersModel) => void
  /**
   * Throws if round 0 cannot pass the point that the rewinder captures; asked before any weight
   * changes.
   */
  readonly checkCapture?: (capture: TrainingPoint, model: LayersModel) => void
  /**
   * Throws unless a teacher can take part; asked before any weight changes, with the outputs that
   * the caller told. Answers with those that the loss of round 1 reads.
   */
  readonly checkTeaching?: (model: LayersModel, asked: TaughtOutputs) => TaughtOutputs
  /** The options that it was made with, as plain data: `resume` refuses rounds of others. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** The classes that its losses of a round favour, if any; asked before any weight changes. */
  readonly favoured?: (round: number) => readonly number[]
  /**
   * It goes on from `points.from` where the context has it. Others begin a round anew.
   * @default false
   */
  readonly keepsPoints?: boolean
}
