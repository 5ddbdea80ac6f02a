import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ArrayData, OpenEngine, SampleData } from '../types.js'
import { batchSizeOf, fixedBatch } from './fixed-batch.js'
import { labelsOf } from './label-column.js'
import { labelColumns } from './labels.js'
import { predictDataset } from './predict-dataset.js'
import { predictRows } from './predict-rows.js'
import { checkKeys, countSamples, isDataset } from './training-data.js'

/** Outputs of a model and the labels beside them. */
export interface EvaluatedSamples {
  /** Outputs in flat order: one row a sample. */
  readonly outputs: ArrayLike<number>
  /** Samples that there are outputs for, from the first on. */
  readonly predicted: number
  /** Class of every sample. */
  readonly labels: readonly number[]
  /** Columns of the labels as given. */
  readonly columns: number
}

interface Request {
  readonly task: string
  readonly label: number | undefined
  readonly batchSize: number | undefined
  /** Class that must have a sample; undefined: any classes will do. */
  readonly positiveClass: number | undefined
}

/** Gives the outputs for all samples, or for the first ones alone, which are enough to check. */
export type SampleReader = (model: LayersModel, asked: Asked) => Promise<EvaluatedSamples>

interface Asked {
  readonly part: 'all' | 'first'
  readonly signal?: AbortSignal | undefined
  readonly engine?: OpenEngine | undefined
}

/**
 * Makes a reader of labelled samples. Those in memory are checked at once, those of a dataset in
 * every reading.
 */
export function sampleReader(data: SampleData, request: Request): SampleReader {
  const { task, batchSize } = request
  if (!isDataset(data)) return arrayReader(data, request)
  if (batchSize !== undefined) {
    throw new RangeError(`Cannot ${task}: expected batchSize for arrays only, got a dataset`)
  }
  return async (model, { part, ...asked }) => {
    const reading = { model, task, predict: part, ...asked }
    const { ys, outputs, predicted } = await predictDataset(data, reading)
    try {
      return {
        outputs,
        predicted,
        labels: checkedLabels({ ys }, request),
        columns: labelColumns({ ys }),
      }
    } finally {
      ys.dispose()
    }
  }
}

function arrayReader(data: ArrayData, request: Request): SampleReader {
  const { task, batchSize } = request
  checkKeys(data, task)
  const samples = countSamples(data, task)
  const labels = checkedLabels(data, request)
  return async (model, { part, ...asked }) => {
    if (part === 'first') batchSizeOf(model, { task, samples, batchSize, usual: 1 })
    const predicted = part === 'all' ? samples : (fixedBatch(model) ?? 1)
    const request = { task, xs: data.xs, samples: predicted, batchSize, ...asked }
    const outputs = await predictRows(model, request)
    return { outputs, predicted, labels, columns: labelColumns(data) }
  }
}

/** Class of each sample. Throws unless the positive class, where there is one, is among them. */
function checkedLabels(
  data: Pick<ArrayData, 'ys'>,
  { task, label, positiveClass }: Request,
): readonly number[] {
  const labels = labelsOf(data, { task, label })
  if (positiveClass === undefined || labels.includes(positiveClass)) return labels
  throw new RangeError(
    `Cannot ${task}: expected a sample of the positive class ${positiveClass}, got none`,
  )
}
