import type { Tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkCount, oneOf } from '../internal/option-checks.js'
import { gatherStatistics } from '../statistics/gather-statistics.js'
import { type FullNeed, needsOf } from '../statistics/needs.js'
import type { Criterion, Need, ScoredWeight, Statistic } from '../types.js'
import { checkScoring } from './check-scoring.js'

/** Options of {@link needing}. */
export interface NeedingOptions {
  /**
   * Weights that the statistics are gathered with: the trained ones, or those before training.
   * @default 'trained'
   */
  readonly at?: 'trained' | 'initial'
  /**
   * Steps in which a round's density is reached, the statistics gathered anew in each. @default 1
   */
  readonly steps?: number
}

const checks: OptionChecks<NeedingOptions> = {
  at: oneOf('trained', 'initial'),
  steps: checkCount,
}

/** A weight with the statistics that were asked for. */
export type WeightWith<N extends Need> = ScoredWeight & {
  readonly [S in Extract<N, Statistic>]: Tensor
} & ([Exclude<N, Statistic>] extends [never] ? unknown : Required<Pick<ScoredWeight, 'ofClass'>>)

/**
 * Makes a criterion that looks at more than weights: says what `score` needs, and shows it a weight
 * that has it.
 *
 * `score` gets each statistic of all samples as a tensor of its own, and those of one class through
 * `ofClass`.
 *
 * @param needs Statistics of all samples by name; `{ statistic, class }` for those of one class.
 * @param score Returns a float32 tensor of the weight's shape, finite; the highest stay.
 * @param options Which weights the statistics are gathered with, and in how many steps.
 * @returns A criterion; it throws a TypeError for a weight without one of the statistics.
 * @throws {TypeError} If `needs` is no list or `score` no function.
 * @throws {RangeError} If a statistic is not known, a class is no index, or an option is out of
 *   range.
 *
 * @example
 * ```ts
 * import { abs } from '@tensorflow/tfjs-core'
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { computeMask, needing } from 'tfjs-prune'
 *
 * const steepest = needing(['gradient'], ({ gradient }) => abs(gradient))
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [4] })] })
 * const samples = { xs: [[0, 0, 0, 1], [0, 0, 2, 0]], ys: [0, 1] }
 * const mask = await computeMask(model, { density: 0.5, criterion: steepest, samples })
 * if (mask.weights[0]!.values.join() !== '0,0,0,0,1,1,1,1') throw new Error('two inputs are always 0')
 * ```
 */
export function needing<const N extends Need>(
  needs: readonly N[],
  score: (weight: WeightWith<N>) => Tensor,
  options: NeedingOptions = {},
): Criterion {
  checkOptions(options, { task: 'make a criterion', checks })
  if (typeof score !== 'function') {
    throw new TypeError(
      `Cannot make a criterion: expected a function that scores, got ${typeof score}`,
    )
  }
  const { at = 'trained', steps = 1 } = options
  const declared = { needs, at, steps, gather: gatherStatistics }
  const wanted = needsOf(declared as unknown as Criterion)
  checkScoring(declared as unknown as Criterion)
  const criterion = (weight: ScoredWeight) => {
    for (const need of wanted) checkStatistic(weight, need)
    return score(weight as WeightWith<N>)
  }
  return Object.assign(criterion, declared)
}

function checkStatistic(weight: ScoredWeight, { statistic, class: index }: FullNeed): void {
  const seen = index === undefined ? weight : weight.ofClass?.(index)
  if (seen?.[statistic]) return
  const wanted = index === undefined ? `its ${statistic}` : `its ${statistic} of class ${index}`
  throw new TypeError(`Cannot score ${weight.name}: expected ${wanted}, got none`)
}
