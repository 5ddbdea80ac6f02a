import { binomialCdf } from '../internal/binomial.js'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkIndex, numberThat, required } from '../internal/option-checks.js'
import { checkInside } from '../internal/rate-checks.js'
import { checkLevels } from './check-levels.js'
import { checkLevelMethod, type LevelMethod } from './method.js'
import { neymanPearsonOrder } from './neyman-pearson-threshold.js'
import { errorOf } from './risks.js'

/** Options of {@link chanceToPass}. */
export interface ChanceToPassOptions {
  /** Calibration samples of one side: the positives, or the negatives. */
  readonly sampleCount: number
  /** True rate of errors on that side at the threshold, in [0, 1]. */
  readonly rate: number
  /** Largest rate that is to be promised, in (0, 1): alpha, or beta for the negatives. */
  readonly maximumRate: number
  /** Probability that the promise holds, in (0, 1); delta is 1 - confidence. */
  readonly confidence: number
  /** Number of rounds that share the error with `bonferroni`. @default 1 */
  readonly levels?: number
  /** As in `certify`. @default 'fixed-sequence' */
  readonly method?: LevelMethod
}

const task = 'plan the chance'
const checks: OptionChecks<ChanceToPassOptions> = {
  sampleCount: required(checkIndex),
  rate: required(numberThat('a number in [0, 1]', (rate) => rate >= 0 && rate <= 1)),
  maximumRate: required(checkInside),
  confidence: required(checkInside),
  levels: checkLevels,
  method: checkLevelMethod,
}

/**
 * How likely a threshold passes its test on one side, if its true rate of errors were known: for
 * planning.
 *
 * P(Bin(n, rate) <= k), k = max { k : P(Bin(n, maximumRate) <= k) <= delta }. A level passes with
 * the product of this chance for its positives and for its negatives. With the least number of
 * samples, that of `positivesNeeded`, k is 0.
 *
 * @param options The number of samples, both rates and the confidence.
 * @returns A probability in [0, 1]; 0 where no count can pass.
 * @throws {TypeError} If an option is no number, or does not exist.
 * @throws {RangeError} If a rate or `confidence` is out of range, or a number is not whole or too
 *   low.
 *
 * @example
 * ```ts
 * import { chanceToPass } from 'tfjs-prune/certify'
 *
 * const promise = { maximumRate: 0.05, confidence: 0.95 }
 * const chances = [59, 200].map((sampleCount) => chanceToPass({ sampleCount, rate: 0.02, ...promise }))
 * if (chances.map((chance) => chance.toFixed(2)).join() !== '0.30,0.63') throw new Error(chances.join())
 * ```
 */
export function chanceToPass(options: ChanceToPassOptions): number {
  checkOptions(options, { task, checks })
  const { sampleCount, rate, maximumRate, confidence, levels = 1, method } = options
  const delta = errorOf(confidence) / (method === 'bonferroni' ? levels : 1)
  const order = neymanPearsonOrder(sampleCount, { alpha: maximumRate, delta })
  return binomialCdf(order - 1, sampleCount, rate)
}
