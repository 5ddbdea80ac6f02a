import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { checkCount, required } from '../internal/option-checks.js'
import { hashSeed, randomStream, shuffle } from '../internal/random.js'

/**
 * Gives the batches of one epoch as arrays of sample indices; the same epoch always gives the same
 * batches. Any function of this shape is a sampler.
 */
export interface BatchSampler {
  (epoch: number): Iterable<Int32Array>
  /** Number of samples that it draws from: `fit` refuses other data. @default any */
  readonly sampleCount?: number
}

/** Options of {@link shuffledBatches}. */
export interface ShuffledBatchesOptions {
  /** Number of samples, at least 1. */
  readonly sampleCount: number
  /** Samples a batch, at least 1; the last batch of an epoch may be smaller. @default 32 */
  readonly batchSize?: number
  /** Whole number. @default 0 */
  readonly seed?: number
}

const checks: OptionChecks<ShuffledBatchesOptions> = {
  sampleCount: required(checkCount),
  batchSize: checkCount,
  seed: checkSeed,
}

/**
 * Draws batches without replacement in a seeded order: every sample once an epoch.
 *
 * `model.fit` shuffles with an unseeded generator, so that no run can be repeated; this one can.
 *
 * @param options Number of samples, batch size and seed.
 * @returns A sampler.
 * @throws {RangeError} If a number is out of range.
 *
 * @example
 * ```ts
 * import { shuffledBatches } from 'tfjs-prune'
 *
 * const batches = [...shuffledBatches({ sampleCount: 10, batchSize: 4, seed: 1 })(0)]
 * if (batches.map(({ length }) => length).join() !== '4,4,2') throw new Error('ten samples')
 * ```
 */
export function shuffledBatches(options: ShuffledBatchesOptions): BatchSampler {
  checkOptions(options, { task: 'draw batches', checks })
  const { sampleCount, batchSize = 32, seed = 0 } = options
  function* draw(epoch: number) {
    const order = shuffle(
      Int32Array.from({ length: sampleCount }, (_, i) => i),
      randomStream(hashSeed(seed, epoch)),
    )
    for (let start = 0; start < sampleCount; start += batchSize)
      yield order.slice(start, start + batchSize)
  }
  return Object.assign(draw, { sampleCount })
}
