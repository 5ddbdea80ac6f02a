import type { Optimizer } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { numberThat, required } from '../internal/option-checks.js'
import { ClippedOptimizer } from '../updates/clipped-optimizer.js'

/** Options of {@link clippedOptimizer}. */
export interface ClippedOptimizerOptions {
  /** Largest Euclidean norm of all gradients of a step together, above 0. */
  readonly clipNorm: number
}

const checks: OptionChecks<ClippedOptimizerOptions> = {
  clipNorm: required(numberThat('a number above 0', (norm) => norm > 0)),
}

/**
 * Wraps an optimizer so that the gradients of a step are scaled down to a largest global norm:
 * g <- g min(1, c / ||g||), ||g||^2 summed over all variables.
 *
 * Ranking losses have some 40 times the curvature of cross-entropy; at usual learning rates they
 * need it. To leave pruned weights out of the norm put it inside:
 * `maskedOptimizer(model, clippedOptimizer(...), mask)`.
 *
 * @param optimizer Any tfjs optimizer.
 * @param options The norm.
 * @returns The wrapper; `dispose()` frees the inner optimizer.
 * @throws {TypeError | RangeError} If the norm is no number above 0.
 * @see Pascanu, Mikolov and Bengio 2013, On the difficulty of training recurrent neural networks,
 *   arXiv 1211.5063.
 *
 * @example
 * ```ts
 * import { type Scalar, sum, tensor1d, train, variable } from '@tensorflow/tfjs-core'
 * import { clippedOptimizer } from 'tfjs-prune'
 *
 * const x = variable(tensor1d([3, 4]))
 * clippedOptimizer(train.sgd(1), { clipNorm: 1 }).minimize(() => sum(x) as Scalar)
 * const step = 3 - x.dataSync()[0]!
 * if (Math.abs(step - Math.SQRT1_2) > 1e-5) throw new Error('the gradient (1, 1) has norm 1 now')
 * ```
 */
export function clippedOptimizer(
  optimizer: Optimizer,
  options: ClippedOptimizerOptions,
): Optimizer {
  checkOptions(options, { task: 'clip gradients', checks })
  return new ClippedOptimizer(optimizer, options.clipNorm)
}
