import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { describe } from '../internal/describe.js'
import { checkClasses } from '../internal/metric-checks.js'
import { checkCount, required } from '../internal/option-checks.js'
import { hashSeed, randomStream, shuffle } from '../internal/random.js'
import type { NumberArray } from '../types.js'
import type { BatchSampler } from './shuffled-batches.js'

/** Options of {@link stratifiedBatches}. */
export interface StratifiedBatchesOptions {
  /** Class of each sample. */
  readonly labels: NumberArray
  /** Samples a batch, at least the number of classes. @default 32 */
  readonly batchSize?: number
  /** Whole number. @default 0 */
  readonly seed?: number
}

const checks: OptionChecks<StratifiedBatchesOptions> = {
  labels: required(checkLabels),
  batchSize: checkCount,
  seed: checkSeed,
}

/**
 * Draws batches that all hold every class, in the proportions of the data, in a seeded order.
 *
 * An epoch has ceil(n / batchSize) batches. Each class is shuffled and dealt out evenly, so that
 * every sample comes once an epoch; a class with fewer samples than there are batches is repeated
 * until each batch has one, and the epoch then has as many more batches as the repeated samples
 * need. Ranking losses need it: at 5 % positives a fifth of ordinary batches of 32 has none.
 *
 * @param options Labels, batch size and seed.
 * @returns A sampler.
 * @throws {TypeError} If a label is no number, such as a row of them.
 * @throws {RangeError} If there are no labels, one is no class index, or the batch size is below
 *   the number of classes.
 *
 * @example
 * ```ts
 * import { stratifiedBatches } from 'tfjs-prune'
 *
 * const labels = Uint8Array.from({ length: 100 }, (_, i) => (i < 5 ? 1 : 0))
 * const batches = [...stratifiedBatches({ labels, batchSize: 10, seed: 1 })(0)]
 * if (!batches.every((batch) => batch.some((i) => labels[i] === 1))) throw new Error('a positive in each batch')
 * ```
 */
export function stratifiedBatches(options: StratifiedBatchesOptions): BatchSampler {
  checkOptions(options, { task: 'draw batches', checks })
  const { labels, batchSize = 32, seed = 0 } = options
  const classes = indicesByClass(labels, 'draw batches')
  if (batchSize < classes.size) {
    throw new RangeError(
      `Cannot draw batches: expected a batchSize of at least ${classes.size} classes, got ${batchSize}`,
    )
  }
  const count = countBatches([...classes.values()], batchSize)
  function* draw(epoch: number) {
    const batches: number[][] = Array.from({ length: count }, () => [])
    let next = 0
    for (const [label, members] of classes) {
      const random = randomStream(hashSeed(seed, epoch, label))
      const dealt = shuffle(Int32Array.from(members), random)
      // Dealing goes on where the class before ended, so that batches differ by one sample at most.
      for (let i = 0; i < Math.max(dealt.length, count); i++)
        batches[next++ % count]!.push(dealt[i % dealt.length]!)
    }
    const random = randomStream(hashSeed(seed, epoch, 'order'))
    const order = shuffle(Int32Array.from(batches.keys()), random)
    for (const index of order) yield shuffle(Int32Array.from(batches[index]!), random)
  }
  return Object.assign(draw, { sampleCount: labels.length })
}

/** Throws unless `labels` is a list of numbers, or a typed array, of at least one label. */
function checkLabels(labels: unknown, { task }: { task: string }): void {
  const { length } = (labels ?? {}) as NumberArray
  const isList = Array.isArray(labels) || ArrayBuffer.isView(labels)
  if (!isList || typeof length !== 'number') {
    const isTensor = typeof (labels as { dataSync?: unknown } | null)?.dataSync === 'function'
    const got = isTensor ? 'a tensor: give what its data() settles to' : describe(labels)
    throw new TypeError(`Cannot ${task}: expected the class of each sample as labels, got ${got}`)
  }
  if (length === 0) throw new RangeError(`Cannot ${task}: expected at least one label, got none`)
}

/** The fewest batches that hold every sample once and each class at least once in each batch. */
function countBatches(classes: readonly (readonly number[])[], batchSize: number): number {
  const needed = (count: number) => {
    return Math.ceil(
      classes.reduce((sum, { length }) => sum + Math.max(length, count), 0) / batchSize,
    )
  }
  let count = needed(0)
  while (needed(count) > count) count = needed(count)
  return count
}

/** Sample indices of each class, in ascending order. Throws unless labels are class indices. */
export function indicesByClass(labels: NumberArray, task: string): Map<number, number[]> {
  checkLabels(labels, { task })
  checkClasses(labels, `Cannot ${task}: expected label`)
  const classes = new Map<number, number[]>()
  for (let i = 0; i < labels.length; i++) {
    const members = classes.get(labels[i]!)
    if (members) members.push(i)
    else classes.set(labels[i]!, [i])
  }
  return new Map([...classes].sort(([a], [b]) => a - b))
}
