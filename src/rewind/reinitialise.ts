import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { required } from '../internal/option-checks.js'
import { hashSeed } from '../internal/random.js'
import type { Rewinder } from '../types.js'

/** Options of {@link reinitialise}. */
export interface ReinitialiseOptions {
  /** Whole number; each weight and each round draws with a seed made of it. */
  readonly seed: number
}

const checks: OptionChecks<ReinitialiseOptions> = { seed: required(checkSeed) }

/**
 * Gives the surviving weights fresh values from their layers' own initializers: the control for
 * lottery tickets.
 *
 * If it does as well as {@link rewindToInitial}, only the mask matters. Criteria that look
 * at values before training still see W0.
 *
 * @param options The seed.
 * @returns A rewinder; it throws a RangeError in the round when a layer's configuration names no
 *   initializer.
 * @throws {TypeError | RangeError} If the seed is no whole number.
 * @see Frankle and Carbin 2019, The Lottery Ticket Hypothesis, arXiv 1803.03635, section 2.
 *
 * @example
 * ```ts
 * import { reinitialise } from 'tfjs-prune'
 *
 * if (reinitialise({ seed: 1 }).name !== 'reinitialise(seed 1)') throw new Error('a name with the seed')
 * ```
 */
export function reinitialise(options: ReinitialiseOptions): Rewinder {
  checkOptions(options, { task: 'reinitialise', checks })
  const { seed } = options
  return {
    name: `reinitialise(seed ${seed})`,
    weights: ({ name, round, draw }) => draw(hashSeed(seed, name, round)),
    statistics: 'rewound',
    optimizer: 'fresh',
    learningRate: 'rewound',
    dataOrder: 'rewound',
  }
}
