import type { LayersModel } from '@tensorflow/tfjs-layers'
import { copyOptions } from '../internal/copy-options.js'
import { markSeen } from '../internal/seen-data.js'
import { black } from '../losses/paper-losses.js'
import type { OpenTraining, Train, TrainingPoint } from '../types.js'
import { ClippedOptimizer } from '../updates/clipped-optimizer.js'
import { checkAugmented } from './augment-batch.js'
import type { BatchSource } from './batch-source.js'
import { tryBest } from './best-epoch.js'
import { checkCapture } from './check-capture.js'
import { checkFit, checkLabels, checkProbabilities, fitChecks } from './check-fit.js'
import { checkOneOutput } from './check-outputs.js'
import { type FitOptions, settingsOf } from './fit-options.js'
import { openCallbacks } from './open-callbacks.js'
import { openEngine } from './open-engine.js'
import { openSource } from './open-source.js'
import { roundLosses } from './round-losses.js'
import { makeOptimizer, retireOptimizer } from './round-optimizer.js'
import { openPoints } from './round-points.js'
import { runRound } from './run-round.js'
import { batchesAhead, samplerFor } from './sampler-for.js'
import { taughtBy } from './taught-by.js'
import { isDataset, type TrainingData } from './training-data.js'
import { budgetsOf, lossesOf, updaterOf } from './updated-loss.js'

/**
 * Makes a training function for `prune` from data and an optimizer.
 *
 * One step: the loss of `model.apply(xs, { training: true })` with the model's regularisers, its
 * gradients with pruned weights masked, clipped on request, then the optimizer. Batches come in a
 * seeded order, the same in each round or going on, as the rewinder says. A loss with an update
 * step, such as `falseNegativeBudget`, is updated after each epoch with the answer of `measure` for
 * the model, and before a pruned round with that for the dense network; each round has a loss of its
 * own, from its `atRound`. `augment` changes the batches of
 * the steps, and nothing that is measured. Layers with randomness of their
 * own, such as dropout, repeat themselves if they have a seed. Frozen batch normalisation
 * (`trainable: false`) works as in inference, as in Keras: in `model.fit` and own loops tfjs moves
 * its statistics.
 *
 * `callbacks` are those of `model.fit`, awaited in each round with the same logs; the epochs of a
 * round count from the one that its rewinder begins at. A callback that sets `model.stopTraining`,
 * such as `callbacks.earlyStopping`, ends the round.
 *
 * In a run with `teach` the loss of the rounds after the first has the teacher's part in it, also
 * the one that is reported.
 *
 * @param data Samples in memory, used in every round and never disposed, or a dataset of batches
 *   `{ xs, ys }`, each of which is disposed after its step.
 * @param options Optimizer, epochs, loss and the rest.
 * @returns A training function; it leaves no tensor behind.
 * @throws {TypeError | RangeError} If options or data are wrong: at once. If a label is no class of
 *   the model, the positive class has no sample, outputs are no probabilities where a loss expects
 *   them, or `best` cannot measure the model or find its number: in the round, before its first
 *   step; for a dataset labels and outputs in its first epoch, or, with `stepsPerEpoch`, the lack
 *   of a positive sample at the end of the round.
 * @throws {TypeError} If `augment` returns other shapes, dtypes or names: before the batch's step.
 * @throws {RangeError} If an input or the loss of an epoch is not finite, or a rate is not, or below
 *   0; with an engine, if the loss has a gradient at a weight of the model, or none at the outputs.
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
  return trainer(data, copyOptions(options, fitChecks))
}

function trainer(data: TrainingData, options: FitOptions): Train {
  const samplerOf = samplerFor(data, options)
  const tried = new WeakSet<LayersModel>()
  const train: Train = async (context) => {
    markSeen(data)
    const { model, teacher, signal } = context
    checkOneOutput(model, 'train')
    const ofRound = roundLosses(options.loss ?? black(), context, options.epochs)
    const { losses, all, isOfProbabilities } = ofRound
    const [loss] = all
    const sampler = samplerOf(model)
    if (!isDataset(data)) {
      checkLabels(data, model, all)
      if (isOfProbabilities) await checkProbabilities(data, model)
    }
    // `best` may read all of a dataset, so that it is asked once.
    if (options.best && !tried.has(model)) await tryBest(options.best, model)
    tried.add(model)
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
      const isTaughtLate = isDataset(data) || (options.augment && !model.stateful)
      const taught = isTaughtLate ? undefined : await teacher?.allLogits(data, { signal })
      source = openSource(data, options, { model, ...ofRound, sampler, taught })
      const callbacks = openCallbacks(data, options, context)
      const points = openPoints({ context, options, loss, held })
      const looked = { callbacks, batches: batchesAhead(options, sampler) }
      const round = { context, source, losses, update, optimizer, held, options, work, points }
      const result = await runRound({ ...round, ...looked })
      source.end?.()
      await context.keepOptimizer(held)
      const budgets = budgetsOf(loss)
      return { ...result, ...(opened && { engine: opened.used }), ...(budgets && { budgets }) }
    } finally {
      opened?.dispose()
      retireOptimizer(optimizer, held)
      source?.dispose()
    }
  }
  const check = (model: LayersModel) => checkAugmented(options.augment, model)
  const checkPoint = (capture: TrainingPoint, model: LayersModel) => {
    const sampler = samplerOf(model)
    const { epochs, stepsPerEpoch = sampler && [...sampler(0)].length } = options
    checkCapture(capture, { epochs, steps: stepsPerEpoch && stepsPerEpoch * epochs })
  }
  const checkTeaching: NonNullable<Train['checkTeaching']> = (model, asked) =>
    taughtBy(data, { ...asked, model, loss: lossesOf(options.loss ?? black(), 1)(0) })
  const loss = options.loss ?? black()
  const settings = settingsOf({ ...options, loss })
  const favoured = (round: number) => {
    const losses = lossesOf(loss, round)
    return Array.from({ length: options.epochs }, (_, epoch) => losses(epoch).favours ?? []).flat()
  }
  const checks = { check, checkCapture: checkPoint, checkTeaching }
  const told = { ...checks, settings, favoured, keepsPoints: true }
  return Object.assign(train, told)
}
