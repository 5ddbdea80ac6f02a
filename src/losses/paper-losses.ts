import { checkOptions, type OptionChecks } from '../internal/check-options.js'
import { copyOptions } from '../internal/copy-options.js'
import { checkOutput } from '../internal/model-output.js'
import { checkIndex } from '../internal/option-checks.js'
import type { LossSchedule } from '../types.js'
import { byRound } from './by-round.js'
import { type ClassDependentOptions, classDependent } from './class-dependent.js'

/** Options of the presets of `paper`. */
export type PaperOptions = Pick<ClassDependentOptions, 'positiveClass' | 'output'>

const checks: OptionChecks<PaperOptions> = {
  positiveClass: checkIndex,
  output: checkOutput,
}

function scenario(settings: (round: number) => { gamma: number; lambda: number }) {
  return (options: PaperOptions = {}): LossSchedule => {
    checkOptions(options, { task: 'make a preset of the paper', checks })
    const own = copyOptions(options, checks)
    const loss = byRound((round) => classDependent({ ...own, ...settings(round) }))
    return { ...loss, settings: { rounds: [0, 1].map(settings), ...own } }
  }
}

/** Plain lottery ticket: cross-entropy alone. */
export const red = scenario(() => ({ gamma: 1, lambda: 0 }))

/** Ranking loss, no class weight. */
export const blue = scenario(() => ({ gamma: 1, lambda: 5 }))

/** Class-dependent, best AUC: the class weight begins after the first round. */
export const black = scenario((round) => ({ gamma: round === 0 ? 1 : 5, lambda: 5 }))

/** Class-dependent, fewest false negatives: a high class weight in every round. */
export const green = scenario(() => ({ gamma: 10, lambda: 5 }))
