import type { Optimizer } from '@tensorflow/tfjs-core'
import type { BatchSampler } from '../data/shuffled-batches.js'
import type { Augment, Evaluate, Loss, LossSchedule, TrainingEngine } from '../types.js'
import type { BestEpoch } from './best-epoch.js'
import type { FitCallbacks } from './fit-callbacks.js'

/** Options of `fit`. */
export interface FitOptions {
  /**
   * Makes the optimizer of a round, e.g. `() => train.momentum(0.001, 0.9)`. It is called with
   * nothing, so that `train.adam` by itself is Adam at the rate that tfjs gives it.
   */
  readonly optimizer: () => Optimizer
  /** Epochs a round, at least 1. */
  readonly epochs: number
  /**
   * The loss, or one that changes from round to round or from epoch to epoch. @default
   * paper.black()
   */
  readonly loss?: Loss | LossSchedule
  /** Samples a batch; arrays only. @default 32, or those that the model's `batchInputShape` fixes */
  readonly batchSize?: number
  /**
   * Whole number that orders the batches of arrays, and that `augment` draws from. @default 0; a
   * stateful model, whose batches follow each other, takes the samples in their order
   */
  readonly seed?: number
  /**
   * Draws the batches in place of `batchSize` and `seed`; arrays only. Samplers of
   * `shuffledBatches` and `stratifiedBatches` are made for as many samples. @default shuffledBatches
   */
  readonly batches?: BatchSampler
  /**
   * Batches an epoch; datasets only. An epoch goes on where the last one ended, and a dataset that
   * ends begins anew. Endless datasets need it. @default all of the dataset
   */
  readonly stepsPerEpoch?: number
  /** Rate of each epoch, counted from 0; finite, at least 0. @default the optimizer's own rate */
  readonly learningRate?: (epoch: number) => number
  /**
   * Largest global norm of a step's gradients over the kept weights, above 0. @default no clipping
   */
  readonly clipNorm?: number
  /**
   * Changes each batch before its step, and nothing else: evaluations, `best` and the update of a
   * loss see the data as they are. Of a list, each function changes the answer of the one before.
   * @default none
   */
  readonly augment?: Augment | readonly Augment[]
  /**
   * Keeps the weights of the best epoch of each round. Weights alone: a rewinder that keeps the
   * optimizer, as `fineTune()`, goes on with its slots of the last epoch. @default the last epoch
   */
  readonly best?: BestEpoch
  /**
   * Measures the model after each epoch for a loss with an update step, such as
   * `falseNegativeBudget`, and for no other: best `evaluateOn` of validation data. @default the
   * training data, which must then be arrays
   */
  readonly measure?: Evaluate
  /**
   * Keeps the state within a round after so many epochs, in a run with a `store`: the run goes on
   * from there, to the same bits. The optimizer has to be a stock one of tfjs, Adamax left out, and
   * callbacks are hooks without a state of their own. Without a store nothing is kept.
   * @default rounds alone are kept
   */
  readonly checkpointEvery?: number
  /**
   * Trains the model in place of tfjs where that is faster; the round says in `engine` who did and
   * why. @default tfjs
   */
  readonly engine?: TrainingEngine
  /**
   * Hooks as `model.fit` of tfjs takes them, each awaited: `onTrainBegin`, `onEpochBegin`,
   * `onBatchBegin`, `onBatchEnd`, `onEpochEnd`, `onTrainEnd`. Epochs and batches count from 0, and
   * each round is a training of its own, whose `onTrainBegin` gets `{ round, density }`. Logs are
   * `{ batch, size, loss }` after a batch and `{ loss }` after an epoch. A plain `onBatchEnd` costs
   * a reading of the loss after each batch. With an engine the model's weights are those of the last
   * finished epoch. @default none
   */
  readonly callbacks?: FitCallbacks
}

/** The options that tell one training from another, as plain data. */
export function settingsOf(options: FitOptions & Required<Pick<FitOptions, 'loss'>>) {
  const { epochs, batchSize, seed, clipNorm, augment, stepsPerEpoch, loss, best } = options
  const told = {
    ...{ epochs, batchSize, seed, clipNorm, stepsPerEpoch },
    augment: augment && [augment].flat().map(({ settings }) => settings),
    best: best?.direction,
    loss: loss.settings,
  }
  return JSON.parse(JSON.stringify(told))
}
