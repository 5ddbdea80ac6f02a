import { abs, mul, neg, sign, sub, type Tensor, tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { oneOf, required } from '../internal/option-checks.js'
import type { Criterion, ScoredWeight } from '../types.js'
import { magnitude } from './magnitude.js'
import { magnitudeIncrease } from './magnitude-increase.js'
import { ranksAmongKept } from './ranks.js'

/** A rule of {@link initialFinal}: the weights that stay. */
export type InitialFinalRule =
  | 'largeFinal'
  | 'smallFinal'
  | 'largeInitial'
  | 'smallInitial'
  | 'largeInitialLargeFinal'
  | 'smallInitialSmallFinal'
  | 'magnitudeIncrease'
  | 'largeMovement'
  | 'largeFinalSameSign'
  | 'largeFinalDifferentSign'

/** Options of {@link initialFinal}. */
export interface InitialFinalOptions {
  /** Which weights stay. */
  readonly rule: InitialFinalRule
}

const RULES: Readonly<Record<InitialFinalRule, Criterion>> = {
  largeFinal: magnitude(),
  smallFinal: ({ final }) => neg(abs(final)),
  largeInitial: ({ initial }) => abs(initial),
  smallInitial: ({ initial }) => neg(abs(initial)),
  largeInitialLargeFinal: (weight) => lowerRank(weight, abs),
  smallInitialSmallFinal: (weight) => lowerRank(weight, (values) => neg(abs(values))),
  magnitudeIncrease: magnitudeIncrease(),
  largeMovement: ({ initial, final }) => abs(sub(final, initial)),
  largeFinalSameSign: ({ initial, final }) => mul(final, sign(initial)),
  largeFinalDifferentSign: ({ initial, final }) => neg(mul(final, sign(initial))),
}

const checks: OptionChecks<InitialFinalOptions> = { rule: required(oneOf(...Object.keys(RULES))) }

/**
 * Keeps weights by where they started and where training took them: the mask criteria of the paper
 * that took lottery tickets apart, most of them controls.
 *
 * | rule | score |
 * |---|---|
 * | `largeFinal` (as {@link magnitude}), `smallFinal` | abs(w), -abs(w) |
 * | `largeInitial`, `smallInitial` | abs(w0), -abs(w0) |
 * | `largeInitialLargeFinal` | the lower of the ranks of abs(w0) and abs(w) among the weight's kept elements |
 * | `smallInitialSmallFinal` | the lower of the ranks of -abs(w0) and -abs(w) |
 * | `magnitudeIncrease` (as {@link magnitudeIncrease}) | abs(w) - abs(w0) |
 * | `largeMovement` | abs(w - w0) |
 * | `largeFinalSameSign`, `largeFinalDifferentSign` | w sign(w0), -w sign(w0) |
 *
 * The paper writes min(alpha abs(w), abs(w0)), with alpha such that both cut off the same share:
 * that is what ranks do. It sets the score to 0 where the sign does not fit; here such weights go
 * in order of their size, after all that fit. The paper's ninth is {@link random}.
 *
 * @param options Which weights stay.
 * @returns A criterion; its tensor has the weight's shape and belongs to the caller.
 * @throws {TypeError} If an option does not exist.
 * @throws {RangeError} If `rule` is none of the above.
 * @see Zhou et al. 2019, Deconstructing Lottery Tickets: Zeros, Signs, and the Supermask, arXiv
 *   1905.01067.
 *
 * @example
 * ```ts
 * import { tensor1d } from '@tensorflow/tfjs-core'
 * import { initialFinal } from 'tfjs-prune'
 *
 * const weight = { name: 'out/kernel', layer: 'out', role: 'kernel', round: 1, mask: tensor1d([1, 1]) }
 * const moved = { ...weight, initial: tensor1d([1, -1]), final: tensor1d([-3, -2]) }
 * const score = initialFinal({ rule: 'largeFinalSameSign' })(moved)
 * if (score.dataSync().join() !== '-3,2') throw new Error('the first weight has changed its sign')
 * ```
 */
export function initialFinal(options: InitialFinalOptions): Criterion {
  checkOptions(options, { task: 'make initialFinal', checks })
  return RULES[options.rule]
}

function lowerRank(
  { initial, final, mask }: ScoredWeight,
  order: (values: Tensor) => Tensor,
): Tensor {
  const kept = mask.dataSync()
  const [before, after] = [initial, final].map((values) =>
    ranksAmongKept(order(values).dataSync(), kept),
  )
  const lower = new Float32Array(final.size)
  for (let i = 0; i < lower.length; i++) lower[i] = Math.min(before![i]!, after![i]!)
  return tensor(lower, final.shape)
}
