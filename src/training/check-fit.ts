import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { describe } from '../internal/describe.js'
import { resetStates } from '../internal/model-states.js'
import { anything, checkCount, checkPositive, oneOf, required } from '../internal/option-checks.js'
import { black } from '../losses/paper-losses.js'
import type { ArrayData, Loss, LossSchedule, TrainingEngine } from '../types.js'
import { checkAugment } from './augment-batch.js'
import type { BestEpoch } from './best-epoch.js'
import { checkCallbacks } from './fit-callbacks.js'
import type { FitOptions } from './fit-options.js'
import { fixedBatch } from './fixed-batch.js'
import { labelChecker } from './label-checker.js'
import { labelColumns, labelValues } from './labels.js'
import { predictRows } from './predict-rows.js'
import { runModel } from './run-model.js'
import { checkKeys, countSamples, isDataset, type TrainingData } from './training-data.js'
import { checkMeasure, isSchedule, uselessMeasure } from './updated-loss.js'

const task = 'train'

/** A required option of `best`, named so in messages. */
const ofBest = (check: OptionCheck) =>
  required((value, { task, name }) => check(value, { task, name: `best.${name}` }))

/** A check of functions whose message shows one of them. */
const functionLike =
  (example: string): OptionCheck =>
  (value, option) =>
    checkFunction(value, { ...option, example })

const checkEvaluate = functionLike('evaluateOn(validation, { positiveClass: 1 })')

const bestChecks: OptionChecks<BestEpoch> = {
  evaluate: ofBest(checkEvaluate),
  metric: ofBest(checkFunction),
  direction: ofBest(oneOf('maximise', 'minimise')),
}

/** The checks of the options of `fit`. */
export const fitChecks: OptionChecks<FitOptions> = {
  optimizer: required(functionLike('() => train.adam(0.001)')),
  epochs: required(checkCount),
  loss: checkLoss,
  batchSize: anything,
  seed: anything,
  batches: anything,
  learningRate: checkFunction,
  clipNorm: checkPositive,
  checkpointEvery: checkCount,
  augment: checkAugment,
  best: checkBest,
  measure: checkEvaluate,
  stepsPerEpoch: checkCount,
  engine: checkEngine,
  callbacks: checkCallbacks,
}

function checkEngine(value: unknown): void {
  if (typeof (value as Partial<TrainingEngine> | null)?.openTraining === 'function') return
  const wanted = 'engine with the function openTraining, such as sparseTraining()'
  throw new TypeError(`Cannot train: expected ${wanted}, got ${describe(value)}`)
}

function checkBest(best: unknown): void {
  if (typeof best !== 'object' || best === null) {
    const wanted = '{ evaluate, metric, direction } as best'
    throw new TypeError(`Cannot train: expected ${wanted}, got ${describe(best)}`)
  }
  checkOptions(best as BestEpoch, { task, checks: bestChecks })
}

function checkLoss(loss: unknown): void {
  if (typeof loss === 'function' || isSchedule(loss as LossSchedule)) return
  const wanted = 'a loss or a loss schedule, such as paper.black()'
  throw new TypeError(`Cannot train: expected ${wanted}, got ${describe(loss)}`)
}

/** Throws unless the data and the options of `fit` are of the right types and in range. */
export function checkFit(data: TrainingData, options: FitOptions): void {
  checkOptions(options, { task, checks: fitChecks })
  const { loss = black(), measure } = options
  checkPoints(options)
  checkOrder(data, options)
  // The losses of a schedule by rounds are known only in their rounds.
  if (typeof loss === 'function') checkMeasure(data, loss, measure)
  else if (options.loss === undefined) checkMeasure(data, loss.atRound(0), measure)
  else if (measure && loss.atEpoch) throw uselessMeasure('a loss by epoch')
}

/** The state of a callback, as that of early stopping, would be lost where a round goes on. */
function checkPoints({ checkpointEvery, callbacks = [] }: FitOptions): void {
  if (checkpointEvery === undefined) return
  const own = [callbacks].flat().find((one) => Object.getPrototypeOf(one) !== Object.prototype)
  if (!own) return
  const got = own.constructor?.name ?? 'another'
  throw new RangeError(
    `Cannot train: expected callbacks of plain hooks beside checkpointEvery, got ${got}`,
  )
}

function checkOrder(data: TrainingData, options: FitOptions): void {
  const { batchSize, batches, stepsPerEpoch, augment } = options
  if (augment && options.seed !== undefined) checkSeed(options.seed, { task, name: 'seed' })
  // An augmentation draws from the seed, whoever orders the batches.
  const seed = augment ? undefined : options.seed
  const order = [batchSize, seed, batches]
  if (isDataset(data)) {
    if (order.every((option) => option === undefined)) return
    throw new RangeError(
      'Cannot train: expected batchSize, seed and batches for arrays only, got a dataset',
    )
  }
  checkKeys(data, task)
  const samples = countSamples(data, task)
  if (stepsPerEpoch !== undefined)
    throw new RangeError('Cannot train: expected stepsPerEpoch for a dataset only, got arrays')
  if (batches === undefined) {
    if (batchSize !== undefined) checkCount(batchSize, { task: 'draw batches', name: 'batchSize' })
    return
  }
  checkFunction(batches, { task, name: 'batches' })
  const { sampleCount = samples } = batches
  if (sampleCount !== samples)
    throw new RangeError(
      `Cannot train: expected batches of all ${samples} samples, got those of ${sampleCount}`,
    )
  if (batchSize === undefined && seed === undefined) return
  throw new RangeError('Cannot train: expected batches or batchSize and seed, got both')
}

/**
 * Throws unless the labels in memory fit the model, and the positive class of each loss occurs.
 */
export function checkLabels(data: ArrayData, model: LayersModel, losses: readonly Loss[]): void {
  // Data may have changed, or been disposed, since the rounds before.
  countSamples(data, task)
  const values = labelValues(data)
  for (const loss of losses) {
    const checker = labelChecker(model, loss)
    checker?.look(values, labelColumns(data))
    checker?.end()
  }
}

/**
 * Throws if the model puts out something else than the probabilities that the loss expects, for the
 * first samples.
 */
export async function checkProbabilities(data: ArrayData, model: LayersModel): Promise<void> {
  const samples = fixedBatch(model) ?? Math.min(32, countSamples(data, task))
  const values = await predictRows(model, { task, xs: data.xs, samples })
  refuseLogits(values)
}

/** The same for the inputs of a batch, which stay as they are. */
export async function checkBatchOutputs(xs: Tensor[], model: LayersModel): Promise<void> {
  const outputs = await runModel(model, xs, {})
  try {
    refuseLogits(await outputs.data())
  } finally {
    outputs.dispose()
    resetStates(model)
  }
}

function refuseLogits(values: ArrayLike<number>): void {
  const wrong = Array.prototype.find.call(values, (value: number) => value < 0 || value > 1 + 1e-6)
  if (wrong === undefined) return
  throw new RangeError(
    `Cannot train: expected a model that puts out probabilities, got ${wrong}: is it a logit?`,
  )
}
