import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkNotNegative, oneOf } from '../internal/option-checks.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { HIGHEST_SQUARE } from './finite-square.js'
import type { Curvature } from './layer-refit.js'
import { makeCurvature } from './make-curvature.js'
import { needing } from './needing.js'
import { refitKernel } from './refit-kernel.js'

/** Options of {@link layerwiseObs}. */
export interface LayerwiseObsOptions {
  /**
   * The number added to the diagonal of H, as a share of its mean; finite and at least 0. @default
   * 0.01
   */
  readonly damping?: number
  /** How the weights that stay make up for the others. @default 'exact' */
  readonly update?: 'exact' | 'sequential'
}

const task = 'make layerwiseObs'
const checks: OptionChecks<LayerwiseObsOptions> = {
  damping: checkNotNegative,
  update: oneOf('exact', 'sequential'),
}

/** The criterion of {@link layerwiseObs}. */
export interface LayerwiseObs extends Criterion {
  /** The options that it was made with, for reports. */
  readonly settings: Required<LayerwiseObsOptions>
}

/**
 * Keeps the weights whose removal would change a layer's outputs most after the others have made up
 * for it, and lets them make up for it: the layer-wise optimal brain surgeon.
 *
 * x are the inputs of one output, in the kernel's order; H = mean(x x^T) over samples and places,
 * plus `damping` times its mean diagonal, in float64. Score of the weight w_q of an output: w_q^2 /
 * (2 [H^-1]_qq), half of the mean square by which the output changes; scores end at 2^99. The
 * weights S of an output that stay, Q gone, become
 *
 * - `'exact'`: w_S + (H_SS)^-1 H_SQ w_Q, the least squares over all samples at once. Of all weights
 *   with that mask they change the outputs least; `damping` holds them near w.
 * - `'sequential'`: as in the paper. The lowest score goes first, w -= H^-1 e_q w_q / [H^-1]_qq,
 *   then the next, with the w_q of that moment and the H^-1 of the start. The same for one weight,
 *   an approximation for many: where neighbours correlate by 0.9 and half of 120 weights go, it
 *   leaves 2.1 times the error of `'exact'`, no update 5.5 times; where three quarters go, 2.7 and
 *   4 times.
 *
 * Biases stay as they are; the paper counts them as weights of an input of 1. H is that of the
 * network as it is, each layer's inputs those before any other is pruned. Runs on the host, without
 * a break: for d inputs H^-1 takes d^3 / 2 multiplications, about half a minute for d = 4,000, and
 * 12 d^2 bytes as long as the statistics live. `'exact'` adds for each output a sixth of the cube
 * of the weights that stay or go, whichever are fewer; `'sequential'` at most d^2.
 *
 * In `prune` it needs a rewinder that keeps trained weights, as `fineTune()`: after one that goes
 * back to W0 nothing of the update is left, and the run is refused before training.
 * `needing(['inputProducts'], layerwiseObs())` scores alone, for such rewinders.
 *
 * Only for kernels whose outputs share their inputs: dense, convolution, pointwise, the input
 * kernels of recurrent layers. Leave out biases, depthwise and transposed kernels, embeddings and
 * recurrent kernels with the option `select`; gathering throws for them. Inputs that are always 0
 * are no trouble with `damping` above 0. Sibling of {@link wanda}, which takes inputs for
 * uncorrelated.
 *
 * @param options The damping and the update.
 * @returns A criterion that compensates and needs samples, more than d with the places of a
 *   convolution counted; `settings` says its damping. Its tensors have the weight's shape and
 *   belong to the caller.
 * @throws {TypeError} If an option does not exist or `damping` is no number; later, if the products
 *   are not `[d, d]`.
 * @throws {RangeError} If `damping` is negative or not finite, or `update` is another word; later,
 *   if H is singular to float32 in spite of the damping, as with inputs that are all 0.
 * @see Dong, Chen and Pan 2017, Learning to Prune Deep Neural Networks via Layer-wise Optimal Brain
 *   Surgeon, arXiv 1705.07565.
 *
 * @example
 * ```ts
 * import { ones, tensor2d } from '@tensorflow/tfjs-core'
 * import { layerwiseObs } from 'tfjs-prune'
 *
 * // The two inputs are nearly the same: either weight can do the work of both.
 * const final = tensor2d([[1], [2]])
 * const place = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, mask: ones([2, 1]) }
 * const weight = { ...place, initial: final, final, inputProducts: tensor2d([[1, 0.99], [0.99, 1]]) }
 * const criterion = layerwiseObs({ damping: 0 })
 * const [first, second] = criterion(weight).dataSync()
 * if (!(first! < second! && second! < 0.04)) throw new Error('neither is worth much')
 * const [, moved] = criterion.compensate!(weight, tensor2d([[0], [1]])).dataSync()
 * if (Math.abs(moved! - 2.99) > 1e-6) throw new Error('the second takes over')
 * ```
 */
export function layerwiseObs(options: LayerwiseObsOptions = {}): LayerwiseObs {
  checkOptions(options, { task, checks })
  const { damping = 0.01, update = 'exact' } = options
  const known = new WeakMap<Tensor, Curvature>()
  const curvatureOf = (weight: ScoredWeight, products: Tensor): Curvature => {
    const found = known.get(products) ?? makeCurvature(weight, { inputProducts: products, damping })
    known.set(products, found)
    return found
  }
  const score = needing(['inputProducts'], (weight) =>
    scores(weight, curvatureOf(weight, weight.inputProducts)),
  )
  const compensate = (weight: ScoredWeight, kept: Tensor) => {
    const { name, inputProducts } = weight
    if (!inputProducts)
      throw new TypeError(`Cannot compensate ${name}: expected its inputProducts, got none`)
    return refitKernel(weight, { kept, curvature: curvatureOf(weight, inputProducts), update })
  }
  return Object.assign(score, { compensate, settings: { damping, update } })
}

function scores({ final }: ScoredWeight, { size, inverse }: Curvature): Tensor {
  const units = final.shape.at(-1)!
  const values = Float32Array.from(final.dataSync(), (value, at) => {
    const i = Math.floor(at / units)
    return Math.min(value ** 2 / inverse[i * size + i]!, HIGHEST_SQUARE) / 2
  })
  return tensor(values, final.shape)
}
