import { type Optimizer, type Scalar, Tensor as TensorClass, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { giveTurn } from '../internal/event-loop.js'
import { openStates } from '../internal/model-states.js'
import type { TrainingContext, TrainingPosition } from '../types.js'
import type { PlainBatch } from './batch-source.js'
import { checkBatch } from './fixed-batch.js'
import { type LossSum, lossSum } from './loss-sum.js'
import type { BatchInHand, OpenCallbacks } from './open-callbacks.js'
import { disposeBatch, type ModelBatch } from './read-dataset.js'

/** One epoch to train. */
export interface Epoch<Batch extends ModelBatch | PlainBatch> {
  readonly context: TrainingContext
  readonly batches: AsyncIterable<Batch>
  /** Takes one step and gives its cost; `index` counts the batches of the epoch from 0. */
  readonly step: (batch: Batch, index: number) => Scalar | number
  readonly held: Optimizer
  readonly at: TrainingPosition
  readonly callbacks: OpenCallbacks | undefined
  /** Hears of each batch that is finished, and of its loss where it is known. */
  readonly onBatch: (finished: number, loss: number | undefined) => void
}

/** Where an epoch ended. */
export interface EpochEnd {
  /** Mean loss of the samples that it trained on. */
  readonly loss: number
  readonly samples: number
  readonly step: number
  /** Its batches, those that `at` left out included. */
  readonly batches: number
}

/**
 * Trains on the batches of one epoch that `at` leaves. The loss is read once, at the end, unless a
 * callback looks at it.
 */
export async function runEpoch<Batch extends ModelBatch | PlainBatch>(
  epoch: Epoch<Batch>,
): Promise<EpochEnd> {
  const { context, batches, held, at, callbacks } = epoch
  const sum = lossSum()
  let batch = 0
  checkStart(context.model, at)
  const close = openStates(context.model, 'train')
  try {
    for await (const given of batches) {
      const size = given.ys.shape[0]!
      let loss: number | undefined
      batch++
      try {
        context.signal?.throwIfAborted()
        checkBatch(context.model, { task: 'train', size })
        if (batch <= at.batch) continue
        loss = await takeStep(epoch, given, { in: { batch: batch - 1, size }, sum })
      } finally {
        if (!isPlain(given)) disposeBatch(given)
      }
      const step = at.step + batch - at.batch
      await context.checkpoint({ epoch: at.epoch, step, batch, optimizer: held })
      epoch.onBatch(batch, loss)
      if (callbacks?.hasStopped()) break
      await giveTurn()
    }
    checkEnd(batch, epoch)
    return { ...(await sum.read()), step: at.step + batch - at.batch, batches: batch }
  } finally {
    sum.dispose()
    close()
  }
}

interface Place {
  readonly in: BatchInHand
  readonly sum: LossSum
}

/** Takes the step of a batch between the hooks of the callbacks; the loss, if they read it. */
async function takeStep<Batch extends ModelBatch | PlainBatch>(
  { callbacks, step }: Epoch<Batch>,
  given: Batch,
  { in: place, sum }: Place,
): Promise<number | undefined> {
  await callbacks?.batchBegin(place)
  const cost = tidy(() => step(given, place.batch))
  try {
    sum.add(cost, place.size)
    if (callbacks) return await callbacks.batchEnd(place, cost)
    return typeof cost === 'number' ? cost : undefined
  } finally {
    if (typeof cost !== 'number') cost.dispose()
  }
}

/** Throws if an epoch has fewer batches than those that were left out. */
function checkEnd(batch: number, { context, at }: Pick<Epoch<never>, 'context' | 'at'>): void {
  const least = Math.max(at.batch, 1)
  if (batch >= least) return
  const wanted = `at least ${least} batches in epoch ${at.epoch}`
  throw new RangeError(`Cannot train round ${context.round}: expected ${wanted}, got ${batch}`)
}

const isPlain = (batch: ModelBatch | PlainBatch): batch is PlainBatch =>
  !(batch.ys instanceof TensorClass)

/** Throws if a stateful model is to go on in an epoch whose first batches it has not seen. */
function checkStart({ stateful }: LayersModel, { epoch, batch }: TrainingPosition): void {
  if (!stateful || batch === 0) return
  throw new RangeError(
    'Cannot train: expected a rewinder that resumes at the start of an epoch for a stateful ' +
      `model, got epoch ${epoch}, batch ${batch}`,
  )
}
