import { slice, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { checkOptionNames } from '../internal/check-option-names.js'
import { describe } from '../internal/describe.js'
import { checkChoice, checkCount, checkNumber, checkPositive } from '../internal/option-checks.js'
import { paper } from '../losses/paper.js'
import type { ArrayData, Loss } from '../types.js'
import type { FitOptions } from './fit-options.js'
import {
  classLabels,
  countSamples,
  inputTensors,
  isDataset,
  labelColumns,
  type TrainingData,
} from './training-data.js'
import { checkMeasure, isSchedule } from './updated-loss.js'

const task = 'train'

const known = [
  'optimizer',
  'epochs',
  'loss',
  'batchSize',
  'seed',
  'batches',
  'learningRate',
  'clipNorm',
  'best',
  'measure',
] as const satisfies readonly (keyof FitOptions)[]

/** Throws unless the data and the options of `fit` are of the right types and in range. */
export function checkFit(data: TrainingData, options: FitOptions): void {
  checkOptionNames(options ?? {}, { task, known })
  const {
    optimizer,
    epochs,
    loss = paper.black(),
    learningRate,
    clipNorm,
    best,
    measure,
  } = options ?? {}
  checkFunction(optimizer, { task, name: 'optimizer' })
  const accepts = (count: number) => Number.isInteger(count) && count >= 1
  checkNumber(epochs, { task, name: 'epochs', wanted: 'a whole number of at least 1', accepts })
  if (typeof loss !== 'function' && !isSchedule(loss)) {
    throw new TypeError(`Cannot train: expected a loss or a loss schedule, got ${typeof loss}`)
  }
  if (clipNorm !== undefined) checkPositive(clipNorm, { task, name: 'clipNorm' })
  if (learningRate !== undefined) checkFunction(learningRate, { task, name: 'learningRate' })
  if (best !== undefined) {
    checkOptionNames(best ?? {}, { task, known: ['evaluate', 'metric', 'direction'] })
    checkFunction(best?.evaluate, { task, name: 'best.evaluate' })
    checkFunction(best.metric, { task, name: 'best.metric' })
    checkChoice(best.direction, ['maximise', 'minimise'], { task, name: 'best.direction' })
  }
  if (measure !== undefined) checkFunction(measure, { task, name: 'measure' })
  checkOrder(data, options)
  // What a schedule by rounds gives shows only in its round.
  if (typeof loss === 'function') checkMeasure(data, loss, measure)
  else if (options.loss === undefined) checkMeasure(data, loss.atRound(0), measure)
}

function checkOrder(data: TrainingData, { batchSize, seed, batches }: FitOptions): void {
  if (typeof data !== 'object' || data === null) {
    const got = describe(data)
    throw new TypeError(`Cannot train: expected data as { xs, ys } or as a dataset, got ${got}`)
  }
  const order = [batchSize, seed, batches]
  if (isDataset(data)) {
    if (order.every((option) => option === undefined)) return
    throw new RangeError(
      'Cannot train: expected batchSize, seed and batches for arrays only, got a dataset',
    )
  }
  countSamples(data, task)
  if (batches === undefined) {
    if (batchSize !== undefined) checkCount(batchSize, { task: 'draw batches', name: 'batchSize' })
    return
  }
  checkFunction(batches, { task, name: 'batches' })
  if (batchSize === undefined && seed === undefined) return
  throw new RangeError('Cannot train: expected batches or batchSize and seed, got both')
}

/** Throws unless the model has one output. */
export function checkOutputs({ outputs }: LayersModel): void {
  if (outputs.length === 1) return
  throw new TypeError(`Cannot train: expected a model with one output, got ${outputs.length}`)
}

/** Throws unless the labels in memory fit the model, and the positive class of the loss occurs. */
export function checkLabels(data: ArrayData, model: LayersModel, loss: Loss): void {
  const checker = labelChecker(model, loss)
  checker?.look(classLabels(data), labelColumns(data))
  checker?.end()
}

/**
 * Looks at labels, part after part. Losses count an index that is no class as no sample, so that
 * nobody would notice. A loss without settings may mean something else by its labels: there is
 * nothing to check then.
 */
export function labelChecker(
  { outputs: [output] }: LayersModel,
  { settings }: Loss,
  task = 'train',
) {
  const positiveClass = settings?.positiveClass
  if (typeof positiveClass !== 'number') return undefined
  const outputs = Number(output?.shape.at(-1))
  const classes = Math.max(outputs, 2)
  // One output may learn soft labels: the probability of class 1.
  const fits = (label: number) =>
    label >= 0 && label <= classes - 1 && (outputs === 1 || Number.isInteger(label))
  let samples = 0
  let found = false
  return {
    /**
     * Throws unless the labels, class indices or the places of ones in rows of `columns`, are
     * classes of the model.
     */
    look: (labels: readonly number[], columns: number) => {
      if (columns > 1 && columns !== classes) {
        const wanted = `labels of ${classes} columns as the model has classes`
        throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${columns}`)
      }
      const wrong = labels.findIndex((label) => !fits(label))
      if (wrong >= 0) {
        const got = `${labels[wrong]} for sample ${samples + wrong}`
        throw new RangeError(
          `Cannot ${task}: expected class indices below ${classes} as labels, got ${got}`,
        )
      }
      const isPositive = (label: number) =>
        (outputs === 1 && columns === 1 ? Number(label > 0.5) : label) === positiveClass
      found ||= labels.some(isPositive)
      samples += labels.length
    },
    /** Throws unless a label was the positive class. */
    end: () => {
      if (found) return
      throw new RangeError(
        `Cannot ${task}: expected a sample of the positive class ${positiveClass}, got none`,
      )
    },
  }
}

/**
 * Throws if the model puts out something else than the probabilities that the loss expects, for the
 * first samples.
 */
export async function checkProbabilities({ xs, ys }: ArrayData, model: LayersModel): Promise<void> {
  const { tensors, made } = inputTensors(xs)
  const outputs = tidy(() => {
    const first = tensors.map((input) =>
      slice(input, 0, Math.min(32, countSamples({ xs, ys }, task))),
    )
    return model.predict(first.length === 1 ? first[0]! : first) as Tensor
  })
  const values = await outputs.data()
  for (const one of [outputs, ...made]) one.dispose()
  const wrong = Array.prototype.find.call(values, (value: number) => value < 0 || value > 1 + 1e-6)
  if (wrong === undefined) return
  throw new RangeError(
    `Cannot train: expected a model that puts out probabilities, got ${wrong}: is it a logit?`,
  )
}
