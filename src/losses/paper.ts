import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex } from '../internal/option-checks.js'
import type { LossSchedule } from '../types.js'
import { byRound } from './by-round.js'
import { type ClassDependentOptions, classDependent } from './class-dependent.js'

/** Options of the {@link paper} presets. */
export type PaperOptions = Pick<ClassDependentOptions, 'positiveClass' | 'output'>

const checks: OptionChecks<PaperOptions> = {
  positiveClass: checkIndex,
  output: checkOutput,
}

function scenario(settings: (round: number) => { gamma: number; lambda: number }) {
  return (options: PaperOptions = {}): LossSchedule => {
    checkOptions(options, { task: 'make a preset of the paper', checks })
    return byRound((round) => classDependent({ ...options, ...settings(round) }))
  }
}

const red = scenario(() => ({ gamma: 1, lambda: 0 }))
const blue = scenario(() => ({ gamma: 1, lambda: 5 }))
const black = scenario((round) => ({ gamma: round === 0 ? 1 : 5, lambda: 5 }))
const green = scenario(() => ({ gamma: 10, lambda: 5 }))

/**
 * The scenarios of the paper, by the colours of its figures.
 *
 * | preset | gamma (positive class) | lambda |
 * |---|---|---|
 * | `red`: plain lottery ticket | 1 | 0 |
 * | `blue`: ranking loss only | 1 | 5 |
 * | `black`: class-dependent, best AUC | 1 in the first round, 5 after | 5 |
 * | `green`: fewest false negatives | 10 | 5 |
 *
 * Each takes `{ positiveClass = 1, output = 'auto' }`, as {@link classDependent} does, and
 * returns a loss schedule.
 *
 * @example
 * ```ts
 * import { paper } from 'tfjs-prune'
 *
 * const schedule = paper.black()
 * const gammas = [0, 1, 2].map((round) => schedule.atRound(round).settings?.gamma)
 * if (gammas.join() !== '1,5,5') throw new Error('unexpected weights')
 * ```
 * @see Entezari, Saukh: Class-dependent compression of deep neural networks. SenSys-ML 2020,
 *   arXiv:1909.10364.
 */
export const paper = {
  /** Plain lottery ticket: cross-entropy alone. */
  red,
  /** Ranking loss, no class weight. */
  blue,
  /** Class-dependent, best AUC: the class weight begins after the first round. */
  black,
  /** Class-dependent, fewest false negatives: a high class weight in every round. */
  green,
} as const
