import type { RoundReport } from '../../types.js'
import { MOST_SERIES } from './chart-theme.js'
import { type ChartedRun, shownRound } from './charted-run.js'
import { chooseLevels } from './choose-levels.js'
import { listed } from './in-words.js'
import { levelLabels } from './level-labels.js'
import { type ScoredRound, scoredRounds } from './scored-round.js'

/** The levels of a chart of scores. */
export interface DrawnLevels {
  readonly rounds: readonly ScoredRound[]
  /** Their names, in the same order. */
  readonly labels: readonly string[]
  /** The first level, and the one that the title speaks of. */
  readonly first: ScoredRound
  readonly shown: ScoredRound
  /** The level that the run keeps; undefined where it tells none, or where it is not drawn. */
  readonly kept: ScoredRound | undefined
  /** Levels that are not drawn, in words. */
  readonly notes: readonly string[]
}

/** At most seven levels that have scores. Throws if there is none. */
export function drawnLevels(
  charted: ChartedRun | readonly RoundReport<object>[],
  task: string,
): DrawnLevels {
  const { run, rounds: all, leftOut } = scoredRounds(charted, task)
  const shown = all.find(({ round }) => round === shownRound(run)) ?? all.at(-1)!
  const rounds = chooseLevels(all, { most: MOST_SERIES, besides: shown })
  const isPart = rounds.length < all.length
  const notes = [
    ...(isPart ? [`${rounds.length} of ${all.length} levels are drawn.`] : []),
    ...(leftOut.length > 0 ? [`Not drawn: ${listed(leftOut)}.`] : []),
  ]
  const kept = run.kept && rounds.find(({ round }) => round === run.kept?.round)
  return { rounds, labels: levelLabels(rounds), first: all[0]!, shown, kept, notes }
}
