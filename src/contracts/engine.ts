import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Cost, Rows } from './loss.js'

/** Runs models in place of tfjs, such as `sparseEngine` of `tfjs-prune/sparse`. */
export interface Engine {
  /**
   * Prepares to run a model with the weights that it has now. The caller disposes the outcome.
   *
   * @param model The model, which is read and not changed.
   * @param host The name of the tfjs backend that would run the model otherwise.
   */
  readonly open: (model: LayersModel, host: { readonly backend: string }) => Promise<OpenEngine>
}

/** A model that is ready to run. */
export interface OpenEngine {
  /** Who runs the model, for the evaluation. */
  readonly used: EngineUsed
  /**
   * The outputs for a batch of inputs `[n, ...shape]`, one row a sample, in flat order; it disposes
   * no input. Left out where tfjs runs the model.
   */
  readonly predict?: (inputs: readonly Tensor[]) => Promise<Float32Array>
  /** Frees what it holds. */
  readonly dispose: () => void
}

/** Trains models in place of tfjs, such as `sparseTraining` of `tfjs-prune/sparse/training`. */
export interface TrainingEngine {
  /**
   * Prepares to train a model with the weights that it has now. The caller disposes the outcome.
   */
  readonly openTraining: (model: LayersModel, facts: TrainingFacts) => Promise<OpenTraining>
}

/** Facts about the training of a round, for an engine. */
export interface TrainingFacts {
  /** The name of the tfjs backend that would train the model otherwise. */
  readonly backend: string
  /** The elements that are trained, 1, and those that stay 0, by the weight's variable. */
  readonly kept: ReadonlyMap<Variable, Uint8Array>
  /** The caller's optimizer, whose rate may change from step to step. */
  readonly optimizer: Optimizer
  /** Largest global norm of a step's gradients. */
  readonly clipNorm: number | undefined
  /** The criterion looks at the gradients of each step. */
  readonly isWatched: boolean
}

/** A model that is ready to be trained. */
export interface OpenTraining {
  /** Who trains the model, for the report of the round. */
  readonly used: EngineUsed
  /** Left out where tfjs trains the model. */
  readonly work?: {
    /**
     * One step on the inputs of a batch, in row-major order; `costOf` gives the cost of the outputs
     * `[n, ...shape]`. Returns the cost before the step.
     */
    readonly step: (inputs: readonly Float32Array[], costOf: (outputs: Rows) => Cost) => number
    /** Takes weights over that others have changed in the model. */
    readonly load: () => void
    /** Writes weights to the model and slots to the optimizer. */
    readonly save: () => Promise<void>
  }
  /** Frees what it holds. */
  readonly dispose: () => void
}

/** Who ran a model, and the reason: plain data. */
export interface EngineUsed {
  /** `tfjs`, or the name of the engine, such as `sparse`. */
  readonly name: string
  /** Why it and no other, in words, e.g. `12 % of the multiply-adds are left`. */
  readonly why: string
}
