import {
  add,
  dispose,
  mul,
  type Optimizer,
  type Scalar,
  scalar,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type BatchSampler, checkCount, shuffledBatches } from '../data/shuffled-batches.js'
import { turnGiver } from '../internal/event-loop.js'
import { learningRateOf, setLearningRate } from '../internal/learning-rate.js'
import { disposeOptimizer } from '../internal/optimizer-wrapper.js'
import { readWeights, type WeightValues, writeWeights } from '../internal/weight-values.js'
import { paper } from '../losses/paper.js'
import type { Evaluate, Evaluation, Loss, LossSchedule, Train, TrainingContext, TrainingPosition } from '../types.js'
import { clippedOptimizer } from './clipped-optimizer.js'
import {
  type Batch,
  type BatchSource,
  countSamples,
  isDataset,
  openArrays,
  openDataset,
  type TrainingData,
} from './training-data.js'

/** Chooses the epoch of a round whose weights are kept. */
export interface BestEpoch {
  /** Measures the model after each epoch, on validation data. */
  readonly evaluate: Evaluate
  /** The value to compare. */
  readonly metric: (evaluation: Evaluation) => number
  /** Which way is better; never guessed from a name. */
  readonly direction: 'maximise' | 'minimise'
}

/** Options of {@link fit}. */
export interface FitOptions {
  /** Makes the optimizer of a round, e.g. `() => train.momentum(0.001, 0.9)`. */
  readonly optimizer: () => Optimizer
  /** Epochs a round, at least 1. */
  readonly epochs: number
  /** The loss, or one that changes from round to round. @default paper.black() */
  readonly loss?: Loss | LossSchedule
  /** Samples a batch; arrays only. @default 32 */
  readonly batchSize?: number
  /** Whole number that orders the batches; arrays only. @default 0 */
  readonly seed?: number
  /** Draws the batches in place of `batchSize` and `seed`; arrays only. @default shuffledBatches */
  readonly batches?: BatchSampler
  /** Rate of each epoch, counted from 0. @default the optimizer's own rate */
  readonly learningRate?: (epoch: number) => number
  /** Largest global norm of a step's gradients over the kept weights, above 0. @default no clipping */
  readonly clipNorm?: number
  /** Keeps the weights of the best epoch of each round. @default the last epoch */
  readonly best?: BestEpoch
}

/**
 * Makes a training function for `prune` from data and an optimizer.
 *
 * One step: the loss of `model.apply(xs, { training: true })` with the model's regularisers, its gradients with pruned
 * weights masked, clipped on request, then the optimizer. Batches come in a seeded order, the same in each round or going
 * on, as the rewinder says. Layers with randomness of their own, such as dropout, are repeatable with a seed of theirs.
 *
 * @param data Samples in memory or a dataset of batches `{ xs, ys }`; used in every round, never disposed.
 * @param options Optimizer, epochs, loss and the rest.
 * @returns A training function; it leaves no tensor behind.
 * @throws {TypeError | RangeError} At once for wrong options or data; in the round for labels that do not fit, and a
 *   RangeError when the loss of an epoch is not finite.
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
  checkOptions(data, options)
  return async (context) => {
    const source = isDataset(data) ? openDataset(data) : openArrays(data, samplerOf(data, options))
    const optimizer = makeOptimizer(options)
    const clipped = options.clipNorm ? clippedOptimizer(optimizer, { globalNorm: options.clipNorm }) : optimizer
    const held = context.hold(clipped)
    try {
      await context.restoreOptimizer(held)
      const result = await trainRound({ context, source, optimizer, held, options })
      await context.keepOptimizer(held)
      return result
    } finally {
      disposeOptimizer(held)
      source.dispose()
    }
  }
}

interface Round {
  readonly context: TrainingContext
  readonly source: BatchSource
  readonly optimizer: Optimizer
  readonly held: Optimizer
  readonly options: FitOptions
}

async function trainRound({
  context,
  source,
  optimizer,
  held,
  options,
}: Round): Promise<{ loss: number; epoch: number }> {
  const { epochs, learningRate, best } = options
  const step = stepper(context, lossOf(options, context.round), held)
  const keeper = best && bestKeeper(best, context.model)
  let at: TrainingPosition = context.resumeAt
  let loss = Number.NaN
  for (let epoch = at.epoch; epoch < epochs; epoch++) {
    if (learningRate) setLearningRate(optimizer, learningRate(context.learningRate === 'last' ? epochs - 1 : epoch))
    const order = context.dataOrder === 'continued' ? context.round * epochs + epoch : epoch
    const ended = await runEpoch({ context, batches: source.epoch(order), step, held, at })
    if (!Number.isFinite(ended.loss)) throw notFinite(ended.loss, { context, epoch, optimizer, options })
    loss = ended.loss
    at = { epoch: epoch + 1, step: ended.step, batch: 0 }
    await context.checkpoint({ ...at, optimizer: held })
    await keeper?.look(epoch)
    context.progress({ epoch: epoch + 1 - context.resumeAt.epoch, epochs: epochs - context.resumeAt.epoch, loss })
  }
  return { loss, epoch: keeper?.restore() ?? epochs - 1 }
}

interface Epoch {
  readonly context: TrainingContext
  readonly batches: AsyncIterable<Batch>
  readonly step: (batch: Batch) => Scalar
  readonly held: Optimizer
  readonly at: TrainingPosition
}

/** Trains on the batches of one epoch that `at` leaves; the loss is read once, at the end. */
async function runEpoch({ context, batches, step, held, at }: Epoch): Promise<{ loss: number; step: number }> {
  const turn = turnGiver(50)
  let sum: Tensor = scalar(0)
  let samples = 0
  let batch = 0
  try {
    for await (const { xs, ys } of batches) {
      batch++
      try {
        context.signal?.throwIfAborted()
        if (batch <= at.batch) continue
        const before = sum
        sum = tidy(() => add(before, mul(step({ xs, ys }), ys.shape[0]!)))
        before.dispose()
        samples += ys.shape[0]!
      } finally {
        dispose([xs, ys] as Tensor[])
      }
      await context.checkpoint({ epoch: at.epoch, step: at.step + batch - at.batch, batch, optimizer: held })
      await turn()
    }
    const loss = (await sum.data())[0]! / samples
    return { loss: samples === 0 ? Number.NaN : loss, step: at.step + batch - at.batch }
  } finally {
    sum.dispose()
  }
}

/** One optimizer update; returns the loss of the batch. */
function stepper(context: TrainingContext, loss: Loss, held: Optimizer): (batch: Batch) => Scalar {
  const { model } = context
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  return ({ xs, ys }) => {
    const { value, grads } = variableGrads(() => {
      const outputs = model.apply(xs, { training: true })
      if (Array.isArray(outputs))
        throw new TypeError(`Cannot train: expected a model with one output, got ${outputs.length}`)
      const penalties = model.calculateLosses()
      return penalties.reduce((total, penalty) => add(total, penalty), loss(ys, outputs as Tensor)) as Scalar
    }, variables)
    held.applyGradients(grads)
    dispose(grads)
    return value
  }
}

/** Keeps a host copy of the best weights so far. */
function bestKeeper({ evaluate, metric, direction }: BestEpoch, model: LayersModel) {
  const sign = direction === 'maximise' ? 1 : -1
  let best = Number.NEGATIVE_INFINITY
  let kept: { epoch: number; weights: WeightValues } | undefined
  return {
    async look(epoch: number) {
      const value = sign * metric(await evaluate(model))
      if (!(value > best)) return
      best = value
      kept = { epoch, weights: await readWeights(model) }
    },
    restore(): number | undefined {
      if (kept) writeWeights(model, kept.weights)
      return kept?.epoch
    },
  }
}

function lossOf({ loss = paper.black() }: FitOptions, round: number): Loss {
  return typeof loss === 'function' ? loss : loss.atRound(round)
}

function makeOptimizer({ optimizer }: FitOptions): Optimizer {
  const made = optimizer()
  if (typeof made?.applyGradients === 'function') return made
  throw new TypeError(`Cannot train: expected the optimizer factory to return an optimizer, got ${made}`)
}

function samplerOf(data: TrainingData, { batches, batchSize = 32, seed = 0 }: FitOptions): BatchSampler {
  if (batches || isDataset(data)) return batches ?? (() => [])
  return shuffledBatches({ samples: countSamples(data, 'train'), batchSize, seed })
}

function checkOptions(data: TrainingData, options: FitOptions): void {
  const { optimizer, epochs, loss, batchSize, seed, batches, clipNorm, best } = options
  if (typeof optimizer !== 'function') {
    throw new TypeError(`Cannot train: expected a function that makes an optimizer, got ${typeof optimizer}`)
  }
  if (!(Number.isInteger(epochs) && epochs >= 1)) {
    throw new RangeError(`Cannot train: expected a whole number of at least 1 as epochs, got ${epochs}`)
  }
  if (loss !== undefined && typeof loss !== 'function' && typeof loss?.atRound !== 'function') {
    throw new TypeError(`Cannot train: expected a loss or a loss schedule, got ${typeof loss}`)
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new RangeError(`Cannot train: expected a clipNorm above 0, got ${clipNorm}`)
  }
  if (best && best.direction !== 'maximise' && best.direction !== 'minimise') {
    throw new RangeError(`Cannot train: expected direction 'maximise' or 'minimise', got ${best.direction}`)
  }
  const order = [batchSize, seed, batches]
  if (isDataset(data) && order.some((option) => option !== undefined)) {
    throw new RangeError('Cannot train: expected batchSize, seed and batches for arrays only, got a dataset')
  }
  if (batches !== undefined && (batchSize !== undefined || seed !== undefined)) {
    throw new RangeError('Cannot train: expected batches or batchSize and seed, got both')
  }
  if (batchSize !== undefined) checkCount('batchSize', batchSize)
  samplerOf(data, options)
}

interface Failure {
  readonly context: TrainingContext
  readonly epoch: number
  readonly optimizer: Optimizer
  readonly options: FitOptions
}

function notFinite(value: number, { context, epoch, optimizer, options }: Failure): RangeError {
  const settings = Object.entries(lossOf(options, context.round).settings ?? {})
  const made = settings.map(([name, setting]) => `${name} ${JSON.stringify(setting)}`).join(', ')
  const rate = learningRateOf(optimizer)
  const clip = options.clipNorm ? `a clipNorm below ${options.clipNorm}` : 'clipNorm: 5'
  return new RangeError(
    `Cannot train round ${context.round}: expected a finite loss, got ${value} in epoch ${epoch} at learning rate ` +
      `${rate} with ${made || 'a custom loss'}. A lower learning rate, ${clip} or a smaller lambda helps.`,
  )
}
