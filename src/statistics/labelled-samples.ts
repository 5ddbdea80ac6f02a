import type { LayersModel } from '@tensorflow/tfjs-layers'
import { nearest } from '../internal/nearest.js'
import { predictDataset } from '../training/predict-dataset.js'
import { isDataset } from '../training/training-data.js'
import type { ArrayData, ScoringSamples } from '../types.js'

/** Samples whose labels are known. */
export type LabelledSamples = ScoringSamples & Pick<ArrayData, 'ys'>

const keys = ['iterator', 'size', 'loss', 'label', 'batchSize']

/** Throws for a misspelt option beside an iterator; a dataset of another class has keys of its own. */
function checkKeys(samples: object, task: string): void {
  if (Object.getPrototypeOf(samples) !== Object.prototype) return
  const unknown = Object.keys(samples).find((key) => !keys.includes(key))
  if (unknown === undefined) return
  const meant = nearest(unknown, keys)
  const hint = meant === undefined ? '' : `: did you mean ${meant}?`
  throw new TypeError(
    `Cannot ${task}: expected ${keys.join(', ')} as samples of a dataset, got ${unknown}${hint}`,
  )
}

interface Reading {
  readonly model: LayersModel
  readonly task: string
  readonly signal?: AbortSignal | undefined
}

/** Datasets whose labels are read: another look at their samples needs no second reading. */
const read = new WeakSet<object>()

/**
 * Does work with samples and their labels; those of a dataset are read for it, once, and freed.
 */
export async function withLabels<T>(
  samples: ScoringSamples,
  { model, task, signal }: Reading,
  work: (samples: LabelledSamples) => T | Promise<T>,
): Promise<T> {
  if (!isDataset(samples) || read.has(samples)) return work(samples as LabelledSamples)
  checkKeys(samples, task)
  const { size, loss, label, batchSize } = samples
  if (batchSize !== undefined)
    throw new RangeError(`Cannot ${task}: expected batchSize for arrays only, got a dataset`)
  const { ys } = await predictDataset(samples, { model, task, signal })
  try {
    const iterator = () => samples.iterator()
    const labelled = {
      ...{ iterator, ys },
      ...(size !== undefined && { size }),
      ...(loss !== undefined && { loss }),
      ...(label !== undefined && { label }),
    }
    read.add(labelled)
    return await work(labelled)
  } finally {
    ys.dispose()
  }
}
