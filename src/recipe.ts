import type { PruningOptions } from './rounds/pruning-options.js'
import { denseTeacher } from './training/dense-teacher.js'
import type { FitOptions } from './training/fit-options.js'
import { shiftImages } from './training/shift-images.js'

/** Options of {@link recipe}. */
export interface RecipeOptions {
  /** Most pixels by which images are shifted in training. @default none: inputs are no images */
  readonly pixels?: number
}

/** Parts of the options of `prune` and of `fit` that belong together. */
export interface Recipe {
  readonly pruning: Partial<PruningOptions>
  readonly training: Partial<FitOptions>
}

/** For misses as few as the dense network's: a teacher, spared ends, shifted images. */
function denseQuality({ pixels }: RecipeOptions = {}): Recipe {
  const shifts = pixels === undefined ? {} : { augment: shiftImages({ pixels }) }
  return { pruning: { teach: denseTeacher(), spareEnds: true }, training: shifts }
}

/**
 * Settings that were found to keep misses low, each the sum of parts that can be taken one by one.
 *
 * `denseQuality({ pixels })`: the sparse networks learn from the dense one, the first and the last
 * kernels stay whole, and images are shifted in training by up to `pixels`. Train until the loss
 * falls no more, 24 epochs a round in the study, and tune the learning rate: no part makes up for
 * that.
 *
 * Its evidence is a study of 184 runs of a small CNN in PyTorch: chest X-rays with one positive to
 * five negatives, 8 seeds, FNR in % where FPR is 10 %, on held-out images. The dense network has
 * 2.59 (with shifts 2.71).
 *
 * | | 12.5 % of the weights | 6.25 % | 3.1 % |
 * |---|---|---|---|
 * | the paper's shares, cross-entropy | 3.08 | 3.22 | 3.18 |
 * | with a teacher | 2.78 | 3.02 | 2.83 |
 * | ends whole | 2.59 | 2.88 | 3.13 |
 * | ends whole, with a teacher | 2.55 | 2.55 | 2.59 |
 * | `lamp()`, with a teacher | 2.58 | 2.72 | 2.47 |
 *
 * Ends that are whole leave 19, 13 and 10 % of the multiply-adds, `lamp()` 50, 35 and 23 %, the
 * paper's shares 13, 7 and 4 %. With `lamp()`, a teacher, shifts, the mean of the last weights and
 * rewinding of the rate it was 2.51, 2.42 and 2.37. Differences between FNRs are within chance at
 * 8 seeds (p .02 to .25). What did not help: other losses, class weights, other rewinding by
 * itself, several teachers.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, prune, recipe } from 'tfjs-prune'
 *
 * const model = sequential({
 *   layers: [
 *     layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
 *     layers.flatten(),
 *     layers.dense({ units: 16, activation: 'relu' }),
 *     layers.dense({ units: 2 }),
 *   ],
 * })
 * const data = { xs: randomNormal([12, 6, 6, 1]), ys: Int32Array.from({ length: 12 }, (_, i) => Number(i % 4 === 0)) }
 * const { pruning, training } = recipe.denseQuality({ pixels: 1 })
 * const { rounds } = await prune(model, {
 *   ...pruning,
 *   train: fit(data, { ...training, optimizer: () => train.momentum(0.01, 0.9), epochs: 1 }),
 *   evaluate: evaluateOn(data, { positiveClass: 1 }),
 *   schedule: [1, 0.25],
 * })
 * const [first, , last] = rounds[1]!.mask.weights
 * if (first!.kept !== 36 || last!.kept !== 32) throw new Error('the ends are whole')
 * ```
 */
export const recipe = {
  /** Misses as few as the dense network's: a teacher, spared ends, shifted images. */
  denseQuality,
} as const
