import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { BatchSampler } from '../data/shuffled-batches.js'

/** The number of samples in each batch of a model, if `batchInputShape` says it. */
export function fixedBatch({ inputs }: LayersModel): number | undefined {
  return inputs.map(({ shape }) => shape[0]).find((side) => side != null) ?? undefined
}

interface Batches {
  readonly task: string
  readonly samples: number
  /** The size that the caller asks for. */
  readonly batchSize: number | undefined
  /** The size where neither the model nor the caller has one. */
  readonly usual: number
}

/**
 * The size of batches, which all functions with samples ask here: that of the model where it has
 * one. Throws if the caller asks for another, or if it does not divide the samples.
 */
export function batchSizeOf(
  model: LayersModel,
  { task, samples, batchSize, usual }: Batches,
): number {
  const fixed = fixedBatch(model)
  if (fixed === undefined) return batchSize ?? usual
  checkBatch(model, { task, size: batchSize ?? fixed })
  const rest = samples % fixed
  if (rest === 0) return fixed
  const remedy = samples > fixed ? `leave ${rest} out` : `add ${fixed - rest}`
  throw new RangeError(
    `Cannot ${task}: expected a multiple of ${fixed} samples, the model's batch, got ${samples}: ` +
      `${remedy}, or build the model without batchInputShape`,
  )
}

/** Batches of samples as they come. */
export function inOrder(samples: number, size: number): BatchSampler {
  return function* () {
    for (let start = 0; start < samples; start += size)
      yield Int32Array.from({ length: size }, (_, i) => start + i)
  }
}

/** Throws if the samples of a stateful model, which goes on from batch to batch, are shuffled. */
export function checkOrder(
  { stateful }: LayersModel,
  { task, seed }: { readonly task: string; readonly seed: number | undefined },
): void {
  if (!stateful || seed === undefined) return
  const wanted = 'no seed for a stateful model, whose batches follow each other'
  throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${seed}`)
}

/** Throws unless a batch has the size that the model wants. */
export function checkBatch(
  model: LayersModel,
  { task, size }: { readonly task: string; readonly size: number },
): void {
  const fixed = fixedBatch(model)
  if (fixed === undefined || size === fixed) return
  throw new RangeError(
    `Cannot ${task}: expected batches of ${fixed} samples, as the model's batchInputShape says, ` +
      `got ${size}`,
  )
}
