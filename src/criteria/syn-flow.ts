import { abs, mul } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkCount, oneOf } from '../internal/option-checks.js'
import type { Criterion } from '../types.js'
import { needing, type WeightWith } from './needing.js'

/** Options of {@link synFlow}. */
export interface SynFlowOptions {
  /** Steps in which the density is reached; in one step whole layers may go. @default 100 */
  readonly steps?: number
  /**
   * Weights that count: those before training, as in the paper, or the trained ones. @default
   * 'initial'
   */
  readonly at?: 'trained' | 'initial'
}

const checks: OptionChecks<SynFlowOptions> = {
  steps: checkCount,
  at: oneOf('trained', 'initial'),
}

/**
 * Keeps the weights that carry most flow from inputs to outputs: score = |w dR/dw|, R = 1^T prod_l
 * |W_l| 1.
 *
 * Looks at no sample: R is the sum of the outputs for an input of ones, with absolute weights and
 * no biases. The scores into a unit and out of it have equal sums, so that no layer vanishes
 * before all have shrunk, if the flow is computed anew in many steps, each a constant factor of the
 * one before. Made for {@link globally}: layers compete.
 *
 * @param options Steps, and which weights count.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller. Gathering
 *   throws a RangeError for a model with open sides or a softmax or sigmoid at its end, and for a
 *   table.
 * @throws {TypeError} If an option does not exist.
 * @throws {RangeError} If `steps` is no whole number of at least 1, or `at` neither `'trained'` nor
 *   `'initial'`.
 * @see Tanaka et al. 2020, Pruning neural networks without any data by iteratively conserving
 *   synaptic flow, arXiv 2006.05467. Its code takes absolute biases into the flow; the formula of
 *   the paper, and this, have none.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, globally, synFlow } from 'tfjs-prune'
 *
 * const hidden = layers.dense({ units: 16, activation: 'relu', inputShape: [8] })
 * const model = sequential({ layers: [hidden, layers.dense({ units: 1 })] })
 * const mask = await computeMask(model, { density: 0.1, criterion: synFlow({ steps: 20 }), allocate: globally() })
 * if (mask.weights.some(({ kept }) => kept < 2)) throw new Error('both layers stay connected')
 * ```
 */
export function synFlow(options: SynFlowOptions = {}): Criterion {
  checkOptions(options, { task: 'make synFlow', checks })
  const { steps = 100, at = 'initial' } = options
  const score = ({ initial, final, flow }: WeightWith<'flow'>) =>
    abs(mul(at === 'initial' ? initial : final, flow))
  return needing(['flow'], score, { at, steps })
}
