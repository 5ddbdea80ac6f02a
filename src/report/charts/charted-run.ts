import { describe } from '../../internal/describe.js'
import type { RoundReport } from '../../types.js'

/** A run that is drawn: the result of `prune` is one, and so is `{ name, rounds }`. */
export interface ChartedRun {
  /**
   * Name of its setting, e.g. `a teacher`. Runs of one name are seeds of one setting: the chart shows
   * their mean, and a band from the least to the most. @default `run 1`, `run 2`, ... by its place
   */
  readonly name?: string
  /** Finished rounds or reports, of `prune`, of a stored run or read from JSON. */
  readonly rounds: readonly RoundReport<object>[]
  /** The round that is kept. @default the sparsest is the one that titles speak of */
  readonly kept?: { readonly round: number } | undefined
  /** False where no round met the stopping rule: titles then say so. @default not known */
  readonly feasible?: boolean
}

/** One run, its rounds alone, or several runs. */
export type Charted = readonly RoundReport<object>[] | ChartedRun | readonly ChartedRun[]

/** A run with its name. */
export interface NamedRun extends ChartedRun {
  readonly name: string
}

/** The runs of a chart. Throws unless there is a round in each, with a density in (0, 1]. */
export function runsOf(charted: Charted, task: string): readonly NamedRun[] {
  const runs = listOfRuns(charted, task)
  if (runs.length === 0) throw new RangeError(`Cannot ${task}: expected at least one run, got none`)
  return runs.map((run, place) => checkRun(run, { place, task }))
}

/** The one run of a chart. */
export function oneRun(charted: ChartedRun | readonly RoundReport<object>[], task: string) {
  const runs = runsOf(charted, task)
  if (runs.length > 1)
    throw new RangeError(`Cannot ${task}: expected one run, got ${runs.length} runs`)
  return runs[0]!
}

function listOfRuns(charted: Charted, task: string): readonly ChartedRun[] {
  if (!Array.isArray(charted)) {
    if (charted && typeof charted === 'object') return [charted as ChartedRun]
    throw new TypeError(`Cannot ${task}: expected rounds or runs, got ${describe(charted)}`)
  }
  if (charted.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one round, got none`)
  return 'rounds' in Object(charted[0]) ? charted : [{ rounds: charted }]
}

function checkRun(run: ChartedRun, { place, task }: { place: number; task: string }): NamedRun {
  const { name = `run ${place + 1}`, rounds } = run
  if (typeof name !== 'string')
    throw new TypeError(`Cannot ${task}: expected a text as name, got ${describe(name)}`)
  if (!Array.isArray(rounds))
    throw new TypeError(`Cannot ${task}: expected the rounds of ${name}, got ${describe(rounds)}`)
  if (rounds.length === 0)
    throw new RangeError(`Cannot ${task}: expected at least one round of ${name}, got none`)
  for (const [index, round] of rounds.entries()) {
    const { density } = Object(round)
    if (typeof round?.round === 'number' && density > 0 && density <= 1) continue
    const wanted = `a number and a density in (0, 1] of round ${index} of ${name}`
    throw new TypeError(`Cannot ${task}: expected ${wanted}, got ${describe(density)}`)
  }
  return { ...run, name }
}

/** Number of the round that titles speak of: the kept one, or the sparsest. */
export function shownRound({ rounds, kept }: ChartedRun): number {
  if (kept) return kept.round
  return rounds.reduce((best, one) => (one.density <= best.density ? one : best)).round
}
