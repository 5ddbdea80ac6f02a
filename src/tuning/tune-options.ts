import { checkFunction } from '../internal/check-function.js'
import type { OptionCheck, OptionChecks } from '../internal/check-options.js'
import { checkSeed } from '../internal/check-seed.js'
import { checkSignal } from '../internal/check-signal.js'
import { describe } from '../internal/describe.js'
import { checkFinite, checkNumber, oneOf, required } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'
import { checkScenarios, type Knobs, type PointOf } from './knobs.js'

/** Options of `tune`. */
export interface TuneOptions<K extends Knobs = Knobs> {
  /** Values to try of each knob, by the name of the scenario; a point is one value of each knob. */
  readonly scenarios: Readonly<Record<string, K>>
  /**
   * Trains at a point and returns its score on validation data, never on the data that is reported;
   * NaN or infinite where the training came to nothing.
   */
  readonly train: (point: PointOf<K>, run: TuningRun) => number | Promise<number>
  /** Whole numbers, each once: every point that is compared is trained once for each. */
  readonly seeds: readonly number[]
  /** Seeds of the figures that are to be reported with the winners; none of them is in `seeds`. */
  readonly reportedSeeds: readonly number[]
  /** Whether a high score or a low one is better. */
  readonly direction: 'maximise' | 'minimise'
  /**
   * Shares of a whole training at which points are compared, ascending in (0, 1], the last one 1;
   * behind each but the last the worse half goes. `[1]` trains all points to the end. @default
   * halves of halves, as many as leave two points to the last
   */
  readonly rungs?: readonly number[]
  /** Runs of an earlier call: those of a scenario, point, seed and share of this one are taken over. */
  readonly resume?: readonly TunedRun<PointOf<K>>[]
  /** Called after each run, those taken over included. */
  readonly onProgress?: (event: TuningProgress<PointOf<K>>) => void
  /** Ends the work before the next run; `onProgress` has told the runs until then. */
  readonly signal?: AbortSignal
}

/** One training of `tune`. */
export interface TuningRun {
  readonly scenario: string
  readonly seed: number
  /** Share of a whole training to spend, in (0, 1]: of its epochs, say. */
  readonly share: number
  readonly signal: AbortSignal | undefined
}

/** A finished training: plain data, also in JSON. */
export interface TunedRun<P = Readonly<Record<string, unknown>>> {
  readonly scenario: string
  readonly point: P
  readonly seed: number
  readonly share: number
  /** Null where it was not finite. */
  readonly score: number | null
}

/** How far `tune` is. */
export interface TuningProgress<P = Readonly<Record<string, unknown>>> {
  readonly run: TunedRun<P>
  /** Finished runs. */
  readonly done: number
  /** Runs in all. */
  readonly of: number
}

export const task = 'tune'

const refuse = (wanted: string, got: string) =>
  optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`))

const checkList: OptionCheck = (value, { name }) => {
  if (Array.isArray(value)) return
  throw optionError(
    new TypeError(`Cannot ${task}: expected a list as ${name}, got ${describe(value)}`),
  )
}

const checkSeeds: OptionCheck = (value, option) => {
  checkList(value, option)
  const seeds = value as readonly unknown[]
  for (const seed of seeds) checkSeed(seed, { ...option, name: `each of ${option.name}` })
  if (new Set(seeds).size < seeds.length)
    throw refuse(`each of ${option.name} once`, `[${seeds.join(', ')}]`)
}

const checkRungs: OptionCheck = (value, option) => {
  checkList(value, option)
  const rungs = value as readonly number[]
  for (const rung of rungs) checkFinite(rung, { task, name: `each of ${option.name}` })
  const ascends = rungs.every((share, i) => share > (rungs[i - 1] ?? 0) && share <= 1)
  if (ascends && rungs.at(-1) === 1) return
  throw refuse('ascending rungs in (0, 1] that end at 1', `[${rungs.join(', ')}]`)
}

/** Runs as `tune` gives them: null is a score that was not finite. */
const checkRuns: OptionCheck = (value, option) => {
  checkList(value, option)
  for (const [i, run] of (value as readonly Partial<TunedRun>[]).entries()) {
    const { scenario, point, seed, share, score } = Object(run) as Partial<TunedRun>
    if (typeof point !== 'object' || [scenario, seed, share].includes(undefined))
      throw refuse(`resume[${i}] as a run of tune`, describe(run))
    if (score === null) continue
    const wanted = 'a finite number or null'
    checkNumber(score, { task, name: `resume[${i}].score`, wanted, accepts: Number.isFinite })
  }
}

export const tuneChecks: OptionChecks<TuneOptions> = {
  scenarios: required(checkScenarios),
  train: required(checkFunction),
  seeds: required(checkSeeds),
  reportedSeeds: required(checkSeeds),
  direction: required(oneOf('maximise', 'minimise')),
  rungs: checkRungs,
  resume: checkRuns,
  onProgress: checkFunction,
  signal: checkSignal,
}

/** Throws unless there is a seed to tune with, and none of those that are reported. */
export function checkApart({ seeds, reportedSeeds }: TuneOptions): void {
  if (seeds.length === 0) throw refuse('at least one seed to tune with', 'none')
  const shared = seeds.filter((seed) => reportedSeeds.includes(seed))
  if (shared.length === 0) return
  throw refuse('seeds apart from those that are reported', `${shared.join(', ')} in both`)
}
