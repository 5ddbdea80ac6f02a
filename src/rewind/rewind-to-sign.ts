import { abs, moments, mul, sign, sqrt, type Tensor } from '@tensorflow/tfjs-core'
import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { oneOf, required } from '../internal/option-checks.js'
import { hashSeed } from '../internal/random.js'
import type { Rewinder, RewoundWeight } from '../types.js'

/** Options of {@link rewindToSign}. */
export type RewindToSignOptions = SignWithDeviation | SignWithDraw | SignWithInitial

/** Options of {@link rewindToSign} with one magnitude for all elements of a weight. */
export interface SignWithDeviation {
  /** Every magnitude is the standard deviation of the weight's W0. @default 'deviation' */
  readonly magnitudes?: 'deviation'
  /** Whether signs are those of W0, or those of the trained weights. @default 'initial' */
  readonly signs?: 'initial' | 'trained'
}

/** Options of {@link rewindToSign} with magnitudes from the layer's initializer. */
export interface SignWithDraw extends Pick<SignWithDeviation, 'signs'> {
  /** Magnitudes are drawn anew from the layer's own initializer. */
  readonly magnitudes: 'drawn'
  /** Whole number; each weight and each round draws with a seed made of it. */
  readonly seed: number
}

/** Options of {@link rewindToSign} with the magnitudes of W0. */
export interface SignWithInitial {
  /** Magnitudes are those of W0. */
  readonly magnitudes: 'initial'
  /** With those of W0 nothing but W0 would be left: `rewindToInitial()`. */
  readonly signs: 'trained'
}

const task = 'rewind to the sign'
const checkMagnitudes = oneOf('deviation', 'drawn', 'initial')
const checkSigns = oneOf('initial', 'trained')
const deviationChecks: OptionChecks<SignWithDeviation> = {
  magnitudes: checkMagnitudes,
  signs: checkSigns,
}
const drawnChecks: OptionChecks<SignWithDraw> = {
  magnitudes: required(checkMagnitudes),
  seed: required(checkSeed),
  signs: checkSigns,
}
const initialChecks: OptionChecks<SignWithInitial> = {
  magnitudes: required(checkMagnitudes),
  signs: required(oneOf('trained')),
}

/**
 * Lets the surviving weights restart with the sign that they had in W0, or have after training, and
 * another magnitude: asks whether the sign is all that a ticket needs of its start.
 *
 * w = sign(u) m, u = w0, or the trained weight with `signs: 'trained'`. m: `'deviation'`, sd(W0),
 * the signed constant of Zhou et al.; `'drawn'`, |v|, v from the layer's initializer; `'initial'`,
 * |w0|. A 0 stays 0. Weights with one axis (biases, gammas) restart at W0 as they were. Everything
 * else restarts as with {@link rewindToInitial}; {@link reinitialise} is the control that forgets
 * the sign as well.
 *
 * `{ signs: 'trained', magnitudes: 'drawn', seed }` is the signed mask of Oh et al.: a network of
 * fresh magnitudes inherits mask and signs of a trained sparse one. There the rounds before keep
 * their weights ({@link rewindLearningRate}) and train with `interpolatingNorms`, and only the last
 * network is rewound: `applyRewound` does that.
 *
 * @param options Where the signs and the magnitudes come from, and the seed where they are drawn.
 * @returns A rewinder; with `'drawn'` it throws a RangeError in the round when a layer's
 *   configuration names no initializer.
 * @throws {TypeError} If an option does not exist, or the seed is no number.
 * @throws {RangeError} If `signs` or `magnitudes` is none of the above, both are those of W0, or the
 *   seed is no whole number.
 * @see Zhou et al. 2019, Deconstructing Lottery Tickets: Zeros, Signs, and the Supermask, arXiv
 *   1905.01067.
 * @see Oh, Baik and Lee 2025, Find A Winning Sign: Sign Is All We Need to Win the Lottery, arXiv
 *   2504.05357.
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
 * const signed = rewindToSign({ signs: 'trained', magnitudes: 'initial' }).weights(weight)
 * if (signed.dataSync().join() !== '1,3') throw new Error('the signs of the trained weights')
 * ```
 */
export function rewindToSign(options: RewindToSignOptions = {}): Rewinder {
  const { magnitudes = 'deviation', signs = 'initial' } = options ?? {}
  const checks = { deviation: deviationChecks, drawn: drawnChecks, initial: initialChecks }
  // Each kind of options has the checks of its own; an unknown kind is refused by any of them.
  checkOptions<object>(options, {
    task,
    checks: Object.hasOwn(checks, magnitudes) ? checks[magnitudes] : deviationChecks,
  })
  const { seed = 0 } = options as Partial<SignWithDraw>
  const told: string[] = [magnitudes]
  if (signs === 'trained') told.push(signs)
  if (magnitudes === 'drawn') told.push(`seed ${seed}`)
  return {
    name: `rewindToSign(${told.join(', ')})`,
    weights: (weight) => {
      const { initial } = weight
      if (initial.rank < 2) return initial
      const signed = signs === 'trained' ? weight.trained : initial
      return mul(sign(signed), magnitudesOf(weight, { magnitudes, seed }))
    },
    statistics: 'rewound',
    optimizer: 'fresh',
    learningRate: 'rewound',
    dataOrder: 'rewound',
  }
}

interface Magnitudes {
  readonly magnitudes: NonNullable<RewindToSignOptions['magnitudes']>
  readonly seed: number
}

function magnitudesOf(
  { name, round, initial, draw }: RewoundWeight,
  { magnitudes, seed }: Magnitudes,
): Tensor {
  if (magnitudes === 'drawn') return abs(draw(hashSeed(seed, name, round)))
  return magnitudes === 'initial' ? abs(initial) : sqrt(moments(initial).variance)
}
