import type { Optimizer } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { setLearningRate } from '../internal/learning-rate.js'
import { markSeen } from '../internal/seen-data.js'
import { bindLoss } from '../losses/bind-loss.js'
import { black } from '../losses/paper-losses.js'
import type {
  Loss,
  OpenTraining,
  Train,
  TrainingContext,
  TrainingPoint,
  TrainingPosition,
} from '../types.js'
import { ClippedOptimizer } from '../updates/clipped-optimizer.js'
import { augmented } from './augment-batch.js'
import type { BatchSource } from './batch-source.js'
import { bestKeeper } from './best-epoch.js'
import { checkCapture } from './check-capture.js'
import { checkFit, checkLabels, checkProbabilities } from './check-fit.js'
import { checkOneOutput } from './check-outputs.js'
import { type FitOptions, settingsOf } from './fit-options.js'
import { hasFiniteWeights } from './has-finite-weights.js'
import { openEngine, saving } from './open-engine.js'
import { openSource } from './open-source.js'
import { makeOptimizer, retireOptimizer } from './round-optimizer.js'
import { engineStepper, plainStepper, runEpoch, stepper } from './run-epoch.js'
import { samplerFor } from './sampler-for.js'
import { taughtBy } from './taught-by.js'
import { isDataset, type TrainingData } from './training-data.js'
import { diverged, nothingLeft } from './training-errors.js'
import { lossesOf, updaterOf } from './updated-loss.js'

/**
 * Makes a training function for `prune` from data and an optimizer.
 *
 * One step: the loss of `model.apply(xs, { training: true })` with the model's regularisers, its
 * gradients with pruned weights masked, clipped on request, then the optimizer. Batches come in a
 * seeded order, the same in each round or going on, as the rewinder says. A loss with an update
 * step, such as `falseNegativeBudget`, is updated after each epoch with the answer of `measure` for
 * the model; each round has a loss of its own, from its `atRound`. `augment` changes the batches of
 * the steps, and nothing that is measured. Layers with randomness of their
 * own, such as dropout, repeat themselves if they have a seed. Frozen batch normalisation
 * (`trainable: false`) works as in inference, as in Keras: in `model.fit` and own loops tfjs moves
 * its statistics.
 *
 * In a run with `teach` the loss of the rounds after the first has the teacher's part in it, also
 * the one that is reported.
 *
 * @param data Samples in memory, used in every round and never disposed, or a dataset of batches
 *   `{ xs, ys }`, each of which is disposed after its step.
 * @param options Optimizer, epochs, loss and the rest.
 * @returns A training function; it leaves no tensor behind.
 * @throws {TypeError | RangeError} If options or data are wrong: at once. If a label is no class of
 *   the model, the positive class has no sample, or outputs are no probabilities where the loss
 *   expects them: in the round, before its first step, or in its first epoch for a dataset.
 * @throws {TypeError} If `augment` returns other shapes, dtypes or names: before the batch's step.
 * @throws {RangeError} If an input or the loss of an epoch is not finite; with an engine, if the
 *   loss has a gradient at a weight of the model, or none at the outputs.
 * @throws {Error} If tensors of the data were disposed before the training has ended.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, oneShot, prune } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 8, activation: 'relu', inputShape: [3] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 2 })] })
 * const data = { xs: randomNormal([20, 3]), ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) }
 * const result = await prune(model, {
 *   train: fit(data, { optimizer: () => train.momentum(0.01, 0.9), epochs: 2, clipNorm: 5 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: oneShot(0.5),
 * })
 * if (result.rounds.length !== 2) throw new Error('two rounds')
 * ```
 */
export function fit(data: TrainingData, options: FitOptions): Train {
  checkFit(data, options)
  const samplerOf = samplerFor(data, options)
  const train: Train = async (context) => {
    markSeen(data)
    const { model, round, resumeAt, teacher, signal } = context
    checkOneOutput(model, 'train')
    const ofEpoch = lossesOf(options.loss ?? black(), round)
    const losses = (epoch: number) => bindLoss(ofEpoch(epoch), { model, task: 'train' })
    const given = ofEpoch(resumeAt.epoch)
    const loss = bindLoss(given, { model, task: 'train' })
    const sampler = samplerOf(model)
    if (!isDataset(data)) {
      checkLabels(data, model, loss)
      if (given.settings?.output === 'probabilities') await checkProbabilities(data, model)
    }
    const update = await updaterOf(loss, { data, context, measure: options.measure })
    const optimizer = makeOptimizer(options)
    const clipped = options.clipNorm ? new ClippedOptimizer(optimizer, options.clipNorm) : optimizer
    const held = context.hold(clipped)
    let source: BatchSource | undefined
    let opened: OpenTraining | undefined
    try {
      await context.restoreOptimizer(held)
      opened = await openEngine(options, context, optimizer)
      const work = opened?.work
      // The teacher of augmented batches is asked for each of them, as that of a dataset.
      const isAsked = options.augment && !model.stateful
      const taught =
        isDataset(data) || isAsked ? undefined : await teacher?.allLogits(data, { signal })
      source = openSource(data, options, { model, loss, sampler, taught })
      const round = { context, source, losses, update, optimizer, held, options, work }
      const result = await trainRound(round)
      await context.keepOptimizer(held)
      return { ...result, ...(opened && { engine: opened.used }) }
    } finally {
      opened?.dispose()
      retireOptimizer(optimizer, held)
      source?.dispose()
    }
  }
  const checkPoint = (capture: TrainingPoint, model: LayersModel) => {
    const sampler = samplerOf(model)
    const { epochs, stepsPerEpoch = sampler && [...sampler(0)].length } = options
    checkCapture(capture, { epochs, steps: stepsPerEpoch && stepsPerEpoch * epochs })
  }
  const checkTeaching: NonNullable<Train['checkTeaching']> = (model, asked) =>
    taughtBy(data, { ...asked, model, loss: lossesOf(options.loss ?? black(), 1)(0) })
  const settings = settingsOf(options)
  return Object.assign(train, { checkCapture: checkPoint, checkTeaching, settings })
}

interface Round {
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
}

interface EpochInHand {
  readonly loss: Loss
  /** Number of the order of its batches. */
  readonly order: number
  readonly at: TrainingPosition
}

/** Trains on the batches of one epoch, without tensors where engine, loss and data allow it. */
async function trainEpoch(round: Round, { loss, order, at }: EpochInHand) {
  const { context, source, held, options, work } = round
  const plain = work && !options.augment && plainStepper(context, loss, work)
  if (plain && source.plainEpoch)
    return runEpoch({ context, batches: source.plainEpoch(order), step: plain, held, at })
  const own = work ? engineStepper(context, loss, work) : stepper(context, loss, held)
  const step = augmented(own, options, order)
  return runEpoch({ context, batches: source.epoch(order), step, held, at })
}

async function trainRound(round: Round): Promise<{ loss: number; epoch: number }> {
  const { optimizer, held, options, work } = round
  const context = saving(round.context, work)
  const { epochs, learningRate, best } = options
  const { resumeAt } = context
  if (resumeAt.epoch >= epochs) throw nothingLeft(context, epochs)
  const keeper = best && bestKeeper(best, context)
  let at: TrainingPosition = resumeAt
  let mean = Number.NaN
  for (let epoch = at.epoch; epoch < epochs; epoch++) {
    if (learningRate)
      setLearningRate(optimizer, learningRate(context.learningRate === 'last' ? epochs - 1 : epoch))
    const order = context.dataOrder === 'continued' ? context.round * epochs + epoch : epoch
    const loss = round.losses(epoch)
    work?.load()
    const ended = await trainEpoch({ ...round, context }, { loss, order, at })
    at = { epoch: epoch + 1, step: ended.step, batch: 0 }
    // The round began after the last step of this epoch.
    if (ended.samples === 0) continue
    if (!Number.isFinite(ended.loss))
      throw diverged(`a finite loss, got ${ended.loss}`, round, { loss, epoch })
    await work?.save()
    // On some backends a relu turns NaN into 0, so that the loss looks finite.
    if (!(await hasFiniteWeights(context.model)))
      throw diverged('finite weights, got others', round, { loss, epoch })
    mean = ended.loss
    await context.checkpoint({ ...at, optimizer: held })
    await keeper?.look(epoch)
    await round.update?.()
    context.progress({
      epoch: epoch + 1 - resumeAt.epoch,
      epochs: epochs - resumeAt.epoch,
      loss: mean,
    })
  }
  if (Number.isNaN(mean)) throw nothingLeft(context, epochs)
  return { loss: mean, epoch: keeper?.restore() ?? epochs - 1 }
}
