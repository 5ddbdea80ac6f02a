import { Tensor as TensorClass } from '@tensorflow/tfjs-core'
import { describe } from '../internal/describe.js'
import type { ArrayData, DatasetData, SampleData } from '../types.js'
import { checkAlive } from './check-alive.js'
import { checkNumericLabels } from './labels.js'
import { countRows, readInputs } from './model-inputs.js'

/** The samples that a model is trained on. */
export type TrainingData = SampleData

/** Whether the data is a dataset that makes its own batches. */
export function isDataset(data: unknown): data is DatasetData {
  return typeof (data as DatasetData | undefined)?.iterator === 'function'
}

/** Throws unless data are samples and nothing else: nobody would look at it. */
export function checkKeys(data: object, task: string, also: readonly string[] = []): void {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const got = describe(data)
    throw new TypeError(`Cannot ${task}: expected data as { xs, ys } or as a dataset, got ${got}`)
  }
  if (isDataset(data))
    throw new TypeError(`Cannot ${task}: expected data in memory as { xs, ys }, got a dataset`)
  const wanted = ['xs', 'ys', ...also]
  const unknown = Object.keys(data).find((key) => !wanted.includes(key))
  if (unknown === undefined) return
  const hint = /weight/i.test(unknown)
    ? ': give the loss class weights, or draw samples more often by batches of fit'
    : ''
  throw new TypeError(
    `Cannot ${task}: expected { ${wanted.join(', ')} } and nothing else as data, got ${unknown}${hint}`,
  )
}

/**
 * Number of samples of data in memory, after checking that inputs are numbers, all samples of one
 * shape, and that inputs and labels agree.
 */
export function countSamples({ xs, ys }: ArrayData, task: string): number {
  const inputs = countRows(readInputs(xs, task), task)
  const samples = countLabels(ys, task)
  if (inputs !== samples) {
    throw new TypeError(
      `Cannot ${task}: expected as many labels as inputs, ${inputs}, got ${samples}`,
    )
  }
  if (samples === 0) throw new RangeError(`Cannot ${task}: expected at least one sample, got none`)
  return samples
}

function countLabels(ys: unknown, task: string): number {
  const isTensor = ys instanceof TensorClass
  if (isTensor) checkAlive(ys, { task, name: 'ys' })
  const length = isTensor ? ys.shape[0] : (ys as ArrayLike<unknown> | undefined)?.length
  if (typeof ys === 'string' || typeof length !== 'number') {
    const got = isTensor ? 'a scalar' : describe(ys)
    throw new TypeError(
      `Cannot ${task}: expected ys as a tensor or an array of samples, got ${got}`,
    )
  }
  checkNumericLabels(ys as ArrayData['ys'], task)
  return length
}
