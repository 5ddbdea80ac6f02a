import { abs, moments, mul, sign, sqrt, type Tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { oneOf, required } from '../internal/option-checks.js'
import { hashSeed } from '../internal/random.js'
import type { Rewinder, RewoundWeight } from '../types.js'

/** Options of {@link rewindToSign}. */
export type RewindToSignOptions = SignWithDeviation | SignWithDraw

/** Options of {@link rewindToSign} with one magnitude for all elements of a weight. */
export interface SignWithDeviation {
  /** Every magnitude is the standard deviation of the weight's W0. @default 'deviation' */
  readonly magnitudes?: 'deviation'
}

/** Options of {@link rewindToSign} with magnitudes from the layer's initializer. */
export interface SignWithDraw {
  /** Magnitudes are drawn anew from the layer's own initializer. */
  readonly magnitudes: 'drawn'
  /** Whole number; each weight and each round draws with a seed made of it. */
  readonly seed: number
}

const checkMagnitudes = oneOf('deviation', 'drawn')
const deviationChecks: OptionChecks<SignWithDeviation> = { magnitudes: checkMagnitudes }
const drawnChecks: OptionChecks<SignWithDraw> = {
  magnitudes: required(checkMagnitudes),
  seed: required(checkSeed),
}

/**
 * Lets the surviving weights restart with the sign that they had in W0 and another magnitude: asks
 * whether the sign is all that a ticket needs of its start.
 *
 * `'deviation'`: w = sign(w0) sd(W0), the paper's signed constant; `'drawn'`: w = sign(w0) |v|, v
 * from the layer's initializer. A 0 stays 0. Weights with one axis (biases, gammas) restart at W0
 * as they were. Everything else restarts as with {@link rewindToInitial}; {@link reinitialise} is
 * the control that forgets the sign as well.
 *
 * @param options Where the magnitudes come from, and the seed where they are drawn.
 * @returns A rewinder; with `'drawn'` it throws a RangeError in the round when a layer's
 *   configuration names no initializer.
 * @throws {TypeError} If an option does not exist, or the seed is no number.
 * @throws {RangeError} If `magnitudes` is none of the above, or the seed no whole number.
 * @see Zhou et al. 2019, Deconstructing Lottery Tickets: Zeros, Signs, and the Supermask, arXiv
 *   1905.01067.
 *
 * @example
 * ```ts
 * import { tensor2d } from '@tensorflow/tfjs-core'
 * import { rewindToSign } from 'tfjs-prune'
 *
 * const [initial, trained] = [tensor2d([[1, -3]]), tensor2d([[5, 5]])]
 * const weight = { name: 'out/kernel', round: 1, initial, captured: initial, trained, draw: () => trained }
 * const start = rewindToSign().weights(weight)
 * if (start.dataSync().join() !== '2,-2') throw new Error('the deviation of W0 is 2')
 * ```
 */
export function rewindToSign(options: RewindToSignOptions = {}): Rewinder {
  const { magnitudes = 'deviation' } = options ?? {}
  const checks = magnitudes === 'drawn' ? drawnChecks : deviationChecks
  checkOptions(options, { task: 'rewind to the sign', checks })
  const { seed = 0 } = options as Partial<SignWithDraw>
  const magnitudesOf = ({ name, round, initial, draw }: RewoundWeight): Tensor =>
    magnitudes === 'drawn'
      ? abs(draw(hashSeed(seed, name, round)))
      : sqrt(moments(initial).variance)
  return {
    name: `rewindToSign(${magnitudes})`,
    weights: (weight) => {
      const { initial } = weight
      return initial.rank < 2 ? initial : mul(sign(initial), magnitudesOf(weight))
    },
    statistics: 'rewound',
    optimizer: 'fresh',
    learningRate: 'rewound',
    dataOrder: 'rewound',
  }
}
