import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { checkSignal } from '../internal/check-signal.js'
import {
  anything,
  checkCount,
  checkFraction,
  checkIndex,
  checkNumber,
  required,
} from '../internal/option-checks.js'
import { checkIsMask } from '../masks/check-is-mask.js'
import type { Mask } from '../masks/mask.js'
import type { ComputeMaskOptions } from '../step/step-options.js'
import { type CubicDensityOptions, cubicDensity } from './cubic-density.js'

/** Options of `gradualPruner`. */
export interface GradualPrunerOptions
  extends Pick<
      ComputeMaskOptions,
      'criterion' | 'allocate' | 'spareEnds' | 'granularity' | 'select' | 'samples' | 'initial'
    >,
    Pick<CubicDensityOptions, 'begin' | 'end'> {
  /** Share of the prunable weights that stays at the end, in (0, 1). */
  readonly density: number
  /** Share that stays at the beginning, in [density, 1]. @default 1 */
  readonly initialDensity?: number
  /**
   * Steps between two masks, at least 1. @default 100, or a tenth of the steps from `begin` to
   * `end` where that is less
   */
  readonly every?: number
  /**
   * Mask so far, for a model that is sparse already: all other elements stay 0 to the end.
   * `maskOfZeros` reads it from the model. @default the dense mask
   */
  readonly previous?: Mask
  /**
   * State of an earlier pruner of the same model, to go on from. @default the dense mask, before
   * the first step
   */
  readonly resume?: GradualState
  /**
   * Ends the run: the next step, or the gathering of statistics at its next batch, throws its
   * reason.
   */
  readonly signal?: AbortSignal
}

/** How far gradual pruning is: plain data. */
export interface GradualState {
  /** Finished steps (optimizer updates). */
  readonly step: number
  /** The mask of this step. */
  readonly mask: Mask
}

/** The task, in the words of errors. */
export const task = 'prune gradually'

/** `computeMask` checks the options that it takes too. */
const checks: OptionChecks<GradualPrunerOptions> = {
  density: required(checkFraction),
  initialDensity: anything, // between density and 1: checked together with it
  begin: checkIndex,
  end: required(checkIndex),
  every: checkCount,
  criterion: anything,
  allocate: anything,
  spareEnds: anything,
  granularity: anything,
  select: anything,
  samples: anything,
  initial: anything,
  previous: anything,
  resume: (state, { name }) => {
    const { step, mask } = Object(state) as GradualState
    checkIndex(step, { task, name: `${name}.step` })
    checkIsMask(mask, task)
  },
  signal: checkSignal,
}

/** Checks the options and makes the schedule. */
export function densityOf(options: GradualPrunerOptions): (step: number) => number {
  checkOptions(options, { task, checks })
  const { density, initialDensity = 1, begin = 0, end } = options
  const every = options.every ?? Math.max(1, Math.min(100, Math.ceil((end - begin) / 10)))
  checkNumber(initialDensity, {
    ...{ task, name: 'initialDensity', wanted: `a number in [${density}, 1]` },
    accepts: (value) => value >= density && value <= 1,
  })
  return cubicDensity({ finalDensity: density, initialDensity, begin, end, every })
}
