import type { Optimizer } from '@tensorflow/tfjs-core'
import { setLearningRate } from '../internal/learning-rate.js'
import { checkNotNegative } from '../internal/option-checks.js'
import type { Loss, OpenTraining, TrainingContext, TrainingPosition } from '../types.js'
import { augmented } from './augment-batch.js'
import type { BatchSource } from './batch-source.js'
import { bestKeeper } from './best-epoch.js'
import type { FitOptions } from './fit-options.js'
import { hasFiniteWeights } from './has-finite-weights.js'
import type { OpenCallbacks } from './open-callbacks.js'
import { saving } from './open-engine.js'
import type { RoundPoints } from './round-points.js'
import { runEpoch } from './run-epoch.js'
import { engineStepper, plainStepper, stepper } from './steppers.js'
import { diverged, nothingLeft } from './training-errors.js'

/** A round that is ready to be trained. */
export interface OpenRound {
  readonly context: TrainingContext
  readonly source: BatchSource
  /** The loss of each epoch. */
  readonly losses: (epoch: number) => Loss
  /** The loss's own step after each epoch. */
  readonly update: (() => Promise<void>) | undefined
  readonly optimizer: Optimizer
  readonly held: Optimizer
  readonly options: FitOptions
  /** The engine that trains in place of tfjs. */
  readonly work: OpenTraining['work']
  readonly callbacks: OpenCallbacks | undefined
  /** The state within the round. */
  readonly points: RoundPoints
  /** The batches of an epoch, where they are known before. */
  readonly batches: number | undefined
}

interface EpochInHand {
  readonly loss: Loss
  /** Number of the order of its batches. */
  readonly order: number
  readonly at: TrainingPosition
}

/** Trains on the batches of one epoch, without tensors where engine, loss and data allow it. */
async function trainEpoch(round: OpenRound, { loss, order, at }: EpochInHand) {
  const { context, source, held, options, work, callbacks, batches } = round
  const { resumeAt, progress } = context
  const [epoch, epochs] = [at.epoch - resumeAt.epoch, options.epochs - resumeAt.epoch]
  const onBatch = (batch: number, loss?: number) =>
    progress({ epoch, epochs, batch, batches, ...(loss !== undefined && { loss }) })
  const shared = { context, held, at, callbacks, onBatch }
  const plain = work && !options.augment && plainStepper(context, loss, work)
  if (plain && source.plainEpoch)
    return runEpoch({ ...shared, batches: source.plainEpoch(order), step: plain })
  const own = work ? engineStepper(context, loss, work) : stepper(context, loss, held)
  const step = augmented(own, options, order)
  return runEpoch({ ...shared, batches: source.epoch(order), step })
}

/** Trains the epochs of a round; gives its last loss, and the epoch whose weights it keeps. */
export async function runRound(round: OpenRound): Promise<{ loss: number; epoch: number }> {
  const { optimizer, options, work, callbacks, points } = round
  const context = saving(round.context, work)
  const { epochs, learningRate, best } = options
  const { resumeAt } = context
  if (resumeAt.epoch >= epochs) throw nothingLeft(context, epochs)
  const keeper = best && bestKeeper(best, context, points.best)
  let { at } = points
  let { batches } = round
  let mean = Number.NaN
  await callbacks?.trainBegin({ round: context.round, density: context.density })
  for (let epoch = at.epoch; epoch < epochs; epoch++) {
    if (learningRate) {
      const asked = context.learningRate === 'last' ? epochs - 1 : epoch
      const rate = learningRate(asked)
      checkNotNegative(rate, { task: 'train', name: `the learningRate of epoch ${asked}` })
      setLearningRate(optimizer, rate)
    }
    const order = context.dataOrder === 'continued' ? context.round * epochs + epoch : epoch
    const loss = round.losses(epoch)
    work?.load()
    await callbacks?.epochBegin(epoch)
    const ended = await trainEpoch({ ...round, context, batches }, { loss, order, at })
    at = { epoch: epoch + 1, step: ended.step, batch: 0 }
    batches = ended.batches
    // The round began after the last step of this epoch.
    if (ended.samples === 0) continue
    mean = ended.loss
    await finishEpoch({ ...round, context }, { loss, mean, at, keeper })
    await callbacks?.epochEnd(epoch, mean)
    // A stop is not kept in a point: a run that goes on from an earlier one stops again.
    const isStopped = callbacks?.hasStopped()
    if (!isStopped) await points.keep(at, keeper?.soFar())
    const [done, ofAll] = [at.epoch - resumeAt.epoch, epochs - resumeAt.epoch]
    context.progress({ epoch: done, epochs: ofAll, loss: mean })
    if (isStopped) break
  }
  if (Number.isNaN(mean)) throw nothingLeft(context, epochs)
  const kept = keeper?.restore() ?? at.epoch - 1
  await callbacks?.trainEnd()
  return { loss: mean, epoch: kept }
}

interface FinishedEpoch {
  readonly loss: Loss
  /** Mean loss of its samples. */
  readonly mean: number
  /** Where the next one begins. */
  readonly at: TrainingPosition
  readonly keeper: ReturnType<typeof bestKeeper> | undefined
}

/** Looks at the model after an epoch. */
async function finishEpoch(round: OpenRound, { loss, mean, at, keeper }: FinishedEpoch) {
  const { context, held, work } = round
  const epoch = at.epoch - 1
  if (!Number.isFinite(mean)) throw diverged(`a finite loss, got ${mean}`, round, { loss, epoch })
  await work?.save()
  // On some backends a relu turns NaN into 0, so that the loss looks finite.
  if (!(await hasFiniteWeights(context.model)))
    throw diverged('finite weights, got others', round, { loss, epoch })
  await context.checkpoint({ ...at, optimizer: held })
  await keeper?.look(epoch)
  await round.update?.()
}
