import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { BatchSampler } from '../data/shuffled-batches.js'
import type { Loss } from '../types.js'
import { type BatchSource, openArrays, openDataset } from './batch-source.js'
import { checkBatchOutputs } from './check-fit.js'
import type { FitOptions } from './fit-options.js'
import { labelChecker } from './label-checker.js'
import { isDataset, type TrainingData } from './training-data.js'

interface Sources {
  readonly model: LayersModel
  /** The losses of the round's epochs. */
  readonly all: readonly Loss[]
  /** Whether one of them expects probabilities. */
  readonly isOfProbabilities: boolean
  /** None for a dataset. */
  readonly sampler: BatchSampler | undefined
  /** The logits of a teacher for all samples. */
  readonly taught: Float32Array | undefined
}

/** Opens the data that a round is trained on. */
export function openSource(
  data: TrainingData,
  { stepsPerEpoch }: FitOptions,
  { model, all, isOfProbabilities, sampler, taught }: Sources,
): BatchSource {
  if (!isDataset(data)) return openArrays(data, { model, task: 'train', sampler: sampler!, taught })
  return openDataset(data, {
    ...{ model, task: 'train', stepsPerEpoch },
    lookFirst: isOfProbabilities ? (xs) => checkBatchOutputs(xs, model) : undefined,
    checkers: all.flatMap((loss) => labelChecker(model, loss) ?? []),
  })
}
