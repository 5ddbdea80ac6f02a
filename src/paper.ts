import { perLayer } from './allocate/per-layer.js'
import { magnitudeIncrease } from './criteria/magnitude-increase.js'
import { black, blue, green, red } from './losses/paper-losses.js'
import { rewindToInitial } from './rewind/rewind-to-initial.js'
import type { PruningOptions } from './rounds/pruning-options.js'
import { geometric } from './schedules/geometric.js'
import type { WeightLimit } from './select/weight-limits.js'

const oneAtLeast: readonly WeightLimit[] = [{ include: () => true, minimumKept: 1 }]

/** The paper's options of `prune`; each call makes new ones. */
const settings = () =>
  ({
    schedule: geometric({ keep: 0.5, rounds: 7 }),
    criterion: magnitudeIncrease(),
    allocate: perLayer(),
    spareEnds: false,
    rewind: rewindToInitial(),
    select: { limits: oneAtLeast },
  }) satisfies Partial<PruningOptions>

/**
 * The scenarios of the paper, by the colours of its figures, and its settings.
 *
 * | preset | gamma (positive class) | lambda |
 * |---|---|---|
 * | `red`: plain lottery ticket | 1 | 0 |
 * | `blue`: ranking loss only | 1 | 5 |
 * | `black`: class-dependent, best AUC | 1 in the first round, 5 after | 5 |
 * | `green`: fewest false negatives | 10 | 5 |
 *
 * Each takes `{ positiveClass = 1, output = 'auto' }`, as `classDependent` does, and returns a loss
 * schedule.
 *
 * `settings()` returns the options of `prune` that the paper has: seven levels from 100 to 1.57 %,
 * magnitude increase, per layer, no end spared, one element of each kernel at least, rewinding to
 * W0. They are the defaults too; spread them into your options where a later version with other
 * defaults must not change a result. An option behind them replaces theirs, `select` as a whole: the
 * authors' code prunes biases too, `select: { biases: true }`.
 *
 * @example
 * ```ts
 * import { paper } from 'tfjs-prune'
 *
 * const schedule = paper.black()
 * const gammas = [0, 1, 2].map((round) => schedule.atRound(round).settings?.gamma)
 * if (gammas.join() !== '1,5,5') throw new Error('unexpected weights')
 * // prune(model, { ...paper.settings(), train: fit(data, { ..., loss: schedule }), evaluate })
 * const densities = [0, 1, 6].map((round) => paper.settings().schedule(round))
 * if (densities.join() !== '1,0.5,0.015625') throw new Error('half of the weights go each round')
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
  /** Options of `prune`: schedule, criterion, allocation, rewinding and least elements. */
  settings,
} as const
