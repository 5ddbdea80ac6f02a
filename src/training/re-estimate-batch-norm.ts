import { dispose, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { checkSignal } from '../internal/check-signal.js'
import { copyOptions } from '../internal/copy-options.js'
import { giveTurn } from '../internal/event-loop.js'
import { openStates } from '../internal/model-states.js'
import { type ModelWeight, modelWeights } from '../internal/model-weights.js'
import { checkCount } from '../internal/option-checks.js'
import { markSeen } from '../internal/seen-data.js'
import { watchWeights } from '../internal/watch-weights.js'
import { assignValues } from '../internal/weight-values.js'
import type { ArrayData, DatasetData } from '../types.js'
import { type LayerMoments, normaliseByBatch } from './batch-norm-moments.js'
import { inputBatches } from './input-batches.js'

/** Options of {@link reEstimateBatchNorm}. */
export interface ReEstimateBatchNormOptions {
  /**
   * Most samples a batch, for data in memory; all batches are of the same size, or one less.
   * @default 64, or those that the model's `batchInputShape` fixes
   */
  readonly batchSize?: number
  /**
   * Whole number that shuffles samples in memory: those of a batch should be as mixed as in
   * training. @default 0; a stateful model, whose batches follow each other, takes them in their
   * order
   */
  readonly seed?: number
  /** Ends the work at the next batch. */
  readonly signal?: AbortSignal
}

const task = 're-estimate batch norm'
const checks: OptionChecks<ReEstimateBatchNormOptions> = {
  batchSize: checkCount,
  seed: checkSeed,
  signal: checkSignal,
}

/**
 * Estimates the moving means and variances of all batch normalisation anew, from samples: after
 * pruning, the old ones no longer fit the outputs of the layers before.
 *
 * One pass over the samples. In each batch every layer normalises by the mean and variance of its
 * batch, as in training; what the layer has seen is put together over the batches, each sample with
 * the same weight: mean = sum_b n_b mean_b / n, variance = sum_b n_b (variance_b + (mean_b -
 * mean)^2) / n. For the first such layer of a model this is exact. Deeper ones see inputs that were
 * normalised by batch statistics, not by those that inference will use: the difference shrinks as
 * batches grow. Dropout and noise are off, as in inference.
 *
 * Layers in nested models and in `TimeDistributed` count too, frozen ones included; a layer that is
 * used twice sees both inputs. Masked steps of a sequence count, as in the training of tfjs. No
 * other weight changes. To use it in each round of `prune`, call it at the end of the training
 * function. In a model without such layers nothing happens.
 *
 * @param model A built model; its moving statistics change in place, all together at the end.
 * @param data Inputs as for training; labels are not looked at. Nothing in memory is disposed. A
 *   dataset is read once, and its batches are the batches: shuffle it, and let them be of one size.
 * @param options Batch size and order.
 * @returns Number of layers with new statistics. No tensor is left behind.
 * @throws {TypeError} If the inputs do not fit the model.
 * @throws {RangeError} If there are no samples, an option is out of range, or a statistic is not
 *   finite; as with any other error, the old statistics are kept then.
 * @throws {Error} If a weight of the model changes meanwhile, as in a training that is not awaited.
 * @see Izmailov et al. 2018, Averaging weights leads to wider optima, arXiv 1803.05407, section
 *   3.2.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { reEstimateBatchNorm } from 'tfjs-prune'
 *
 * const model = sequential({ layers: [layers.batchNormalization({ inputShape: [1] })] })
 * const count = await reEstimateBatchNorm(model, { xs: tensor2d([[1], [2], [6]]) }, { batchSize: 2 })
 * const [mean = 0, variance = 0] = model.getWeights().slice(2).map((weight) => weight.dataSync()[0])
 * if (count !== 1 || Math.abs(mean - 3) > 1e-5 || Math.abs(variance - 14 / 3) > 1e-5) throw new Error('unexpected')
 * ```
 */
export async function reEstimateBatchNorm(
  model: LayersModel,
  data: Pick<ArrayData, 'xs'> | DatasetData,
  options: ReEstimateBatchNormOptions = {},
): Promise<number> {
  checkOptions(options, { task, checks })
  if (!modelWeights(model).some(isMoving)) return 0
  markSeen(data)
  const found = new Map<ModelWeight['owner'], Moments>()
  const checkSame = watchWeights(model, task)
  const close = openStates(model, task)
  try {
    for await (const batch of inputBatches(data, {
      ...copyOptions(options, checks),
      model,
      task,
    })) {
      for (const seen of await lookAt(model, batch, options.signal)) {
        const sums = found.get(seen.layer)
        if (sums) addMoments(sums, seen)
        else found.set(seen.layer, seen)
      }
      await giveTurn()
    }
  } finally {
    close()
  }
  checkSame()
  write(model, found)
  return found.size
}

function isMoving({ role, owner }: ModelWeight): boolean {
  return owner.getClassName() === 'BatchNormalization' && role.startsWith('moving_')
}

/** Count, mean and variance by channel, on the host. */
interface Moments {
  count: number
  readonly mean: Float64Array
  readonly variance: Float64Array
}

interface Seen extends Moments {
  readonly layer: ModelWeight['owner']
}

/** The statistics of one batch, which is disposed. */
async function lookAt(
  model: LayersModel,
  inputs: Tensor[],
  signal: AbortSignal | undefined,
): Promise<Seen[]> {
  let seen: LayerMoments[] = []
  try {
    signal?.throwIfAborted()
    seen = normaliseByBatch(model, inputs)
    return await Promise.all(
      seen.map(async ({ layer, count, mean, variance }) => {
        const [means, variances] = await Promise.all([mean.data(), variance.data()])
        return {
          layer,
          count,
          mean: Float64Array.from(means),
          variance: Float64Array.from(variances),
        }
      }),
    )
  } finally {
    dispose([...inputs, ...seen.flatMap(({ mean, variance }) => [mean, variance])])
  }
}

/** Puts two groups of samples together, without the sums of squares that would cancel. */
function addMoments(sums: Moments, { count, mean, variance }: Moments): void {
  const share = count / (sums.count + count)
  for (let i = 0; i < mean.length; i++) {
    const shift = mean[i]! - sums.mean[i]!
    sums.mean[i]! += share * shift
    sums.variance[i] =
      (1 - share) * sums.variance[i]! + share * variance[i]! + share * (1 - share) * shift ** 2
  }
  sums.count += count
}

function write(model: LayersModel, found: ReadonlyMap<ModelWeight['owner'], Moments>): void {
  const changes = modelWeights(model)
    .filter((weight) => isMoving(weight) && found.has(weight.owner))
    .map(({ name, owner, role, variable }) => {
      const { mean, variance } = found.get(owner)!
      return { name, variable, values: Float32Array.from(role === 'moving_mean' ? mean : variance) }
    })
  for (const { name, values } of changes) {
    const wrong = values.find((value) => !Number.isFinite(value))
    if (wrong !== undefined)
      throw new RangeError(`Cannot ${task}: expected finite values for ${name}, got ${wrong}`)
  }
  for (const { variable, values } of changes) assignValues(variable, values)
}
