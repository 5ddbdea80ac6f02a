import { type Tensor, Tensor as TensorClass, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { BatchSampler } from '../data/shuffled-batches.js'
import { describe } from '../internal/describe.js'
import type { ArrayData, DatasetData, NumberArray, Rows } from '../types.js'
import { checkAlive } from './check-alive.js'
import { openRows } from './input-rows.js'
import { disposeBatch, type ModelBatch, type Reading, readDataset } from './read-dataset.js'
import { rowTaker } from './row-taker.js'

/** Batches of each epoch, and the tensors to free at the end. */
export interface BatchSource {
  readonly epoch: (index: number) => AsyncIterable<ModelBatch>
  /** The same batches without a tensor, where they can be read so. */
  readonly plainEpoch?: (index: number) => AsyncIterable<PlainBatch>
  /** Looks back on the batches of a round that has ended. */
  readonly end?: () => void
  readonly dispose: () => void
}

/** A batch in plain arrays: inputs in the order of the model, and labels. */
export interface PlainBatch {
  readonly xs: readonly Float32Array[]
  readonly ys: Rows
}

/** Looks at the labels of an epoch's batches, and at its end. */
interface LabelChecker {
  readonly look: (values: NumberArray, columns: number) => void
  readonly end: () => void
}

interface DatasetReading extends Reading {
  readonly checkers: readonly LabelChecker[]
  /** Looks at the inputs of the first batch, before its step. */
  readonly lookFirst: ((xs: Tensor[]) => Promise<void>) | undefined
  /** Batches of an epoch, which goes on where the last one ended. @default one reading */
  readonly stepsPerEpoch?: number | undefined
}

/**
 * Opens a dataset. Its inputs and labels are checked in the first reading; in portions, each batch
 * is, and any portion may lack the positive class, but not all those of a round.
 */
export function openDataset(
  data: DatasetData,
  { checkers, lookFirst, stepsPerEpoch, ...reading }: DatasetReading,
): BatchSource {
  let [known, isFirst, isWhole] = [false, true, false]
  const portion = stepsPerEpoch && portions(data, { ...reading, size: stepsPerEpoch })
  async function* epoch(index: number): AsyncIterable<ModelBatch> {
    let any = false
    isWhole ||= index === 0
    for await (const batch of portion ? portion(index) : readDataset(data, { ...reading, known })) {
      try {
        const labels = known ? [] : await batch.ys.data()
        if (!known) for (const one of checkers) one.look(labels, batch.ys.shape[1] ?? 1)
        if (isFirst) await lookFirst?.(batch.xs)
        isFirst = false
      } catch (error) {
        disposeBatch(batch)
        throw error
      }
      any = true
      yield batch
    }
    if (!known && !portion && any) end()
    known = any && !portion
  }
  const end = () => {
    for (const one of checkers) one.end()
  }
  // A round that goes on from a later epoch has not seen the batches before.
  return { epoch, end: () => void (portion && isWhole && end()), dispose: () => {} }
}

/** Portions of `size` batches of a dataset that is read over and over, by their numbers. */
function portions(data: DatasetData, { size, ...reading }: Reading & { readonly size: number }) {
  let [stream, at] = [overAndOver(data, reading), 0]
  const next = async () => {
    const { value } = await stream.next()
    at++
    return value as ModelBatch
  }
  return async function* (index: number): AsyncIterable<ModelBatch> {
    if (at > index * size) [stream, at] = [overAndOver(data, reading), 0]
    while (at < index * size) disposeBatch(await next())
    while (at < (index + 1) * size) yield await next()
  }
}

async function* overAndOver(data: DatasetData, reading: Reading): AsyncGenerator<ModelBatch> {
  for (let any = true; any; ) {
    any = false
    for await (const batch of readDataset(data, { ...reading, endless: true })) {
      any = true
      yield batch
    }
  }
  throw new RangeError(`Cannot ${reading.task}: expected at least one batch, got none`)
}

interface ArrayReading {
  readonly model: LayersModel
  readonly task: string
  readonly sampler: BatchSampler
  /** The logits of a teacher, one row a sample in flat order. */
  readonly taught?: Float32Array | undefined
}

/** Opens data in memory: rows are gathered batch by batch in the sampler's order. */
export function openArrays(
  { xs, ys }: ArrayData,
  { model, task, sampler, taught }: ArrayReading,
): BatchSource {
  const inputs = openRows(xs, { model, task })
  const labels = ys instanceof TensorClass ? ys : tensor1d(Array.from(ys), 'float32')
  const lesson = taught && tensor(taught, [inputs.samples, taught.length / inputs.samples])
  const [rows, lessons] = [rowTaker(labels), lesson && rowTaker(lesson)]
  async function* epoch<B>(index: number, take: (indices: Int32Array) => B): AsyncIterable<B> {
    await inputs.check()
    for (const indices of drawn(sampler(index))) {
      checkAlive(labels, { task, name: 'ys' })
      checkIndices(indices, labels.shape[0]!)
      yield take(indices)
    }
  }
  const takeTensors = (indices: Int32Array): ModelBatch =>
    tidy(() => {
      const logits = lessons && { logits: lessons.tensor(indices) }
      return { xs: inputs.take(indices), ys: rows.tensor(indices), ...logits }
    })
  const { takePlain } = inputs
  const plain =
    takePlain &&
    ((indices: Int32Array): PlainBatch => ({ xs: takePlain(indices), ys: rows.plain(indices) }))
  const free = () => {
    inputs.dispose()
    lesson?.dispose()
    if (labels !== ys) labels.dispose()
  }
  return {
    epoch: (index) => epoch(index, takeTensors),
    ...(plain && { plainEpoch: (index) => epoch(index, plain) }),
    dispose: free,
  }
}

/** Throws unless a sampler gives batches one after the other. */
function drawn(batches: Iterable<Int32Array>): Iterable<Int32Array> {
  if (typeof batches?.[Symbol.iterator] === 'function') return batches
  const got = describe(batches)
  throw new TypeError(
    `Cannot train: expected batches to give arrays of indices in turn, got ${got}`,
  )
}

/** Some backends gather whatever lies in memory beyond the last row. */
function checkIndices(indices: Int32Array, samples: number): void {
  if (!(indices?.length > 0)) {
    throw new RangeError(
      `Cannot train: expected batches of at least one sample, got ${indices?.length ?? indices}`,
    )
  }
  for (const index of indices) {
    if (Number.isInteger(index) && index >= 0 && index < samples) continue
    throw new RangeError(`Cannot train: expected batches of indices below ${samples}, got ${index}`)
  }
}
