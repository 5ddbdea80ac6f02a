import { gather, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { checkBatch } from '../training/fixed-batch.js'
import {
  disposeBatch,
  type ModelBatch,
  type Reading,
  readDataset,
} from '../training/read-dataset.js'
import type { DatasetData, ScoringSamples } from '../types.js'
import { sampleClasses } from './sample-classes.js'

interface Wanted extends Reading {
  /** Class of the samples; undefined: all. */
  readonly index: number | undefined
  /** Number of samples that another reading found. */
  readonly total: number
}

/** The batches of a dataset, or the samples of one class in each. */
export async function* classBatches(
  samples: DatasetData & ScoringSamples,
  { index, total, ...reading }: Wanted,
): AsyncGenerator<ModelBatch> {
  let seen = 0
  for await (const batch of readDataset(samples, { ...reading, known: true })) {
    const own = index === undefined ? batch : ofClass(batch, { ...reading, samples, index })
    if (!own) continue
    seen += own.ys.shape[0]!
    yield own
  }
  if (seen === total) return
  const wanted = `a dataset that gives the same samples in each reading, ${total} here`
  throw new RangeError(`Cannot ${reading.task}: expected ${wanted}, got ${seen}`)
}

interface Class extends Pick<Reading, 'model' | 'task'> {
  readonly samples: ScoringSamples
  readonly index: number
}

/** The samples of one class, undefined where there are none; the batch is disposed. */
function ofClass(
  batch: ModelBatch,
  { model, samples, index, task }: Class,
): ModelBatch | undefined {
  try {
    const classes = sampleClasses({ ...samples, ys: batch.ys }, task)
    const places = [...classes.keys()].filter((i) => classes[i] === index)
    if (places.length === 0) return undefined
    checkBatch(model, { task, size: places.length })
    return tidy(() => {
      const rows = tensor1d(places, 'int32')
      return { xs: batch.xs.map((input) => gather(input, rows)), ys: gather(batch.ys, rows) }
    })
  } finally {
    disposeBatch(batch)
  }
}
