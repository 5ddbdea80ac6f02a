import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkCount } from '../data/shuffled-batches.js'
import { checkOptionNames } from '../internal/check-option-names.js'
import { checkChoice, checkNumber, checkPositive } from '../internal/loss-checks.js'
import { paper } from '../losses/paper.js'
import type { Loss } from '../types.js'
import type { FitOptions } from './fit-options.js'
import {
  type ArrayData,
  classLabels,
  countSamples,
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
  const { optimizer, epochs, loss = paper.black(), learningRate, clipNorm, best, measure } = options ?? {}
  if (typeof optimizer !== 'function') {
    throw new TypeError(`Cannot train: expected a function that makes an optimizer, got ${typeof optimizer}`)
  }
  const accepts = (count: number) => Number.isInteger(count) && count >= 1
  checkNumber(epochs, { task, name: 'epochs', wanted: 'a whole number of at least 1', accepts })
  if (typeof loss !== 'function' && !isSchedule(loss)) {
    throw new TypeError(`Cannot train: expected a loss or a loss schedule, got ${typeof loss}`)
  }
  if (clipNorm !== undefined) checkPositive(clipNorm, { task, name: 'clipNorm' })
  if (learningRate !== undefined) checkFunction('learningRate', learningRate)
  if (best !== undefined) {
    checkOptionNames(best ?? {}, { task, known: ['evaluate', 'metric', 'direction'] })
    checkFunction('best.evaluate', best?.evaluate)
    checkFunction('best.metric', best.metric)
    checkChoice(best.direction, ['maximise', 'minimise'], { task, name: 'best.direction' })
  }
  if (measure !== undefined) checkFunction('measure', measure)
  checkOrder(data, options)
  // What a schedule by rounds gives shows only in its round.
  if (typeof loss === 'function') checkMeasure(data, loss, measure)
  else if (options.loss === undefined) checkMeasure(data, loss.atRound(0), measure)
}

function checkFunction(option: string, value: unknown): void {
  if (typeof value === 'function') return
  throw new TypeError(`Cannot train: expected a function as ${option}, got ${value === null ? 'null' : typeof value}`)
}

function checkOrder(data: TrainingData, { batchSize, seed, batches }: FitOptions): void {
  if (typeof data !== 'object' || data === null) {
    const got = data === null ? 'null' : typeof data
    throw new TypeError(`Cannot train: expected data as { xs, ys } or as a dataset, got ${got}`)
  }
  const order = [batchSize, seed, batches]
  if (isDataset(data)) {
    if (order.every((option) => option === undefined)) return
    throw new RangeError('Cannot train: expected batchSize, seed and batches for arrays only, got a dataset')
  }
  countSamples(data, task)
  if (batches === undefined) {
    if (batchSize !== undefined) checkCount('batchSize', batchSize)
    return
  }
  checkFunction('batches', batches)
  if (batchSize === undefined && seed === undefined) return
  throw new RangeError('Cannot train: expected batches or batchSize and seed, got both')
}

/** Throws unless the model has one output. */
export function checkOutputs({ outputs }: LayersModel): void {
  if (outputs.length === 1) return
  throw new TypeError(`Cannot train: expected a model with one output, got ${outputs.length}`)
}

/**
 * Throws unless class indices fit the model, and the positive class of the loss occurs. Losses count an index that is
 * no class as no sample, so that nobody would notice. A loss without settings may mean something else by its labels.
 */
export function checkLabels(data: ArrayData, model: LayersModel, { settings }: Loss): void {
  const positiveClass = settings?.positiveClass
  if (typeof positiveClass !== 'number') return
  const outputs = Number(model.outputs[0]?.shape.at(-1))
  const classes = Math.max(outputs, 2)
  const columns = labelColumns(data)
  if (columns > 1 && columns !== classes) {
    throw new TypeError(`Cannot train: expected labels of ${classes} columns as the model has classes, got ${columns}`)
  }
  const labels = classLabels(data)
  // One output may learn soft labels: the probability of class 1.
  const fits = (label: number) => label >= 0 && label <= classes - 1 && (outputs === 1 || Number.isInteger(label))
  const wrong = labels.findIndex((label) => !fits(label))
  if (wrong >= 0) {
    const got = `${labels[wrong]} for sample ${wrong}`
    throw new RangeError(`Cannot train: expected class indices below ${classes} as labels, got ${got}`)
  }
  if (labels.some((label) => (outputs === 1 && columns === 1 ? Number(label > 0.5) : label) === positiveClass)) return
  throw new RangeError(`Cannot train: expected a sample of the positive class ${positiveClass}, got none`)
}
