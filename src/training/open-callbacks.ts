import type { Scalar } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { TrainingContext } from '../types.js'
import type { HOOKS } from './fit-callbacks.js'
import type { FitOptions } from './fit-options.js'
import { countSamples, isDataset, type TrainingData } from './training-data.js'

/** Numbers, or tensors that are disposed after the hook. */
type Logs = Record<string, number | Scalar>

type Hook = (...given: readonly (number | Logs)[]) => unknown

/** One callback, whichever form it has. */
type Hooks = Readonly<Partial<Record<(typeof HOOKS)[number], Hook>>> & {
  readonly setModel?: (model: LayersModel) => void
  readonly setParams?: (params: object) => void
}

/** A batch in training, counted from 0 in its epoch. */
export interface BatchInHand {
  readonly batch: number
  /** Its samples. */
  readonly size: number
}

/** The callbacks of a round. Each hook is awaited, one callback after the other. */
export interface OpenCallbacks {
  readonly trainBegin: (logs: Record<string, number>) => Promise<void>
  readonly epochBegin: (epoch: number) => Promise<void>
  readonly batchBegin: (batch: BatchInHand) => Promise<void>
  /** Returns the loss if anybody has read it; the caller disposes `cost`. */
  readonly batchEnd: (batch: BatchInHand, cost: Scalar | number) => Promise<number | undefined>
  readonly epochEnd: (epoch: number, loss: number) => Promise<void>
  readonly trainEnd: () => Promise<void>
  /** Whether a callback has ended the round by `model.stopTraining`. */
  readonly hasStopped: () => boolean
}

/** Opens the callbacks of a round as `model.fit` would; none is called yet. */
export function openCallbacks(
  data: TrainingData,
  options: FitOptions,
  { model, resumeAt }: TrainingContext,
): OpenCallbacks | undefined {
  if (!options.callbacks) return undefined
  const all = [options.callbacks].flat() as readonly Hooks[]
  model.stopTraining = false
  for (const one of all) {
    one.setParams?.({ ...paramsOf(data, options), initialEpoch: resumeAt.epoch })
    one.setModel?.(model)
  }
  const call = async (hook: (typeof HOOKS)[number], ...given: readonly (number | Logs)[]) => {
    for (const one of all) await one[hook]?.(...given)
  }
  // A callback of a class of tfjs reads the tensor by itself if it wants to.
  const isRead = all.some((one) => one.onBatchEnd && !one.setParams)
  const batchEnd = async ({ batch, size }: BatchInHand, cost: Scalar | number) => {
    const loss = typeof cost !== 'number' && isRead ? (await cost.data())[0]! : cost
    const logs: Logs = { batch, size, loss }
    await call('onBatchEnd', batch, logs)
    return typeof logs.loss === 'number' ? logs.loss : undefined
  }
  return {
    trainBegin: (logs) => call('onTrainBegin', logs),
    epochBegin: (epoch) => call('onEpochBegin', epoch, {}),
    batchBegin: ({ batch, size }) => call('onBatchBegin', batch, { batch, size }),
    batchEnd,
    epochEnd: (epoch, loss) => call('onEpochEnd', epoch, { loss }),
    trainEnd: () => call('onTrainEnd', {}),
    hasStopped: () => model.stopTraining,
  }
}

/** The facts about a training that tfjs tells its callbacks; null for those that are not known. */
function paramsOf(data: TrainingData, { epochs, batchSize, stepsPerEpoch }: FitOptions): object {
  const samples = isDataset(data) ? null : countSamples(data, 'train')
  const size = { samples, batchSize: batchSize ?? null, steps: stepsPerEpoch ?? null }
  return { epochs, ...size, verbose: 0, doValidation: false, metrics: ['loss'] }
}
