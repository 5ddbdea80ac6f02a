import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { isDivergence } from '../internal/divergence.js'
import { required } from '../internal/option-checks.js'
import { type PruneOptions, prune } from '../prune.js'
import type { Evaluation } from '../types.js'
import type { TuningRun } from './tune-options.js'

/** Options of {@link scorePruned}. */
export interface ScorePrunedOptions<P> {
  /** Builds the model of a seed; it is disposed after its run. */
  readonly build: (seed: number) => LayersModel | Promise<LayersModel>
  /** The options of `prune` at a point; `evaluate` measures on validation data. */
  readonly prune: (point: P, run: TuningRun) => PruneOptions
  /** The score of the last round's evaluation, e.g. `({ auc }) => auc`. */
  readonly metric: (evaluation: Evaluation) => number
}

const task = 'score a pruning run'
const checks: OptionChecks<ScorePrunedOptions<unknown>> = {
  build: required(checkFunction),
  prune: required(checkFunction),
  metric: required(checkFunction),
}

/**
 * Makes the training function of `tune` from a pruning run: builds a model, prunes it at the point,
 * and scores the last round.
 *
 * `prune` turns the point into options: the knobs are what you make of them, rate, epochs, margin,
 * temperature or density alike. The share of a whole training is for you to spend; epochs times
 * `share`, at least 1, is the usual way. A training that leaves the finite numbers scores NaN; any
 * other error ends the tuning.
 *
 * @param options How to build, prune and score.
 * @returns A function for `train` of `tune`; no tensor is left behind but those of the options.
 * @throws {TypeError} If an option is no function, or does not exist.
 *
 * @example
 * ```ts
 * import { randomNormal, train } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { evaluateOn, fit, scorePruned, tune } from 'tfjs-prune'
 *
 * const data = { xs: randomNormal([20, 3]), ys: Int32Array.from({ length: 20 }, (_, i) => i % 2) }
 * const { winners } = await tune({
 *   scenarios: { plain: { learningRate: [0.01, 0.1], epochs: [2] } },
 *   train: scorePruned({
 *     build: () => sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] }),
 *     prune: ({ learningRate, epochs }, { seed, share }) => ({
 *       train: fit(data, {
 *         optimizer: () => train.sgd(learningRate),
 *         epochs: Math.max(1, Math.round(epochs * share)),
 *         seed,
 *       }),
 *       evaluate: evaluateOn(data, { positiveClass: 1 }),
 *       schedule: [1, 0.5],
 *     }),
 *     metric: ({ auc }) => auc,
 *   }),
 *   seeds: [101],
 *   reportedSeeds: [1],
 *   direction: 'maximise',
 * })
 * if (!winners.plain) throw new Error('a rate wins')
 * ```
 */
export function scorePruned<P>(
  options: ScorePrunedOptions<P>,
): (point: P, run: TuningRun) => Promise<number> {
  checkOptions(options as ScorePrunedOptions<unknown>, { task, checks })
  const { build, prune: optionsOf, metric } = options
  return async (point, run) => {
    const model = await build(run.seed)
    try {
      const { signal } = run
      const { rounds } = await prune(model, { ...(signal && { signal }), ...optionsOf(point, run) })
      return metric(rounds.at(-1)!.evaluation)
    } catch (error) {
      if (isDivergence(error)) return Number.NaN
      throw error
    } finally {
      model.dispose()
    }
  }
}
