import { checkBudget } from './check-budget.js'
import {
  bestTrial,
  epochsFor,
  epochTrials,
  RATES,
  rateTrials,
  type Subject,
  TUNING_SEEDS,
} from './plan.js'
import { readRows, type StudyRow } from './rows.js'
import { type RunOptions, runPart } from './run-part.js'
import { openSet } from './sets/sets.js'
import type { StudyPoint } from './study-point.js'

/** Options of {@link study}. */
export interface StudyOptions extends RunOptions {
  /** A set of the study, or the path of a folder. */
  readonly set: string
  readonly network: string
  readonly systems: readonly string[]
  /** Number of seeds. */
  readonly seeds: number
  /** Steps of the shorter training; the longer one has twice as many. @default 400 */
  readonly steps?: number
}

/**
 * Puts systems to the test on a set: tunes the rate of each on seeds of its own, then its epochs,
 * and runs it on the seeds that are reported. All get the same trials.
 *
 * @returns All rows of the file. Jobs that failed are told by `onEvent`, and are tried again when the
 *   study is started again.
 * @throws {RangeError} If rows of the file were tuned with other epochs; nothing is run then.
 */
export async function study(options: StudyOptions): Promise<readonly StudyRow[]> {
  const { set, network, systems, seeds, steps = 400, file } = options
  const rows = readRows(file)
  const subjects: Subject[] = systems.map((system) => ({ set, network, system }))
  const { train } = openSet(set).draw(1)
  const epochs = epochsFor(train.labels.length, steps)
  const [short, long] = epochs
  checkBudget(rows, { set, network, steps, samples: train.labels.length })
  const of = systems.length * (TUNING_SEEDS.length * (RATES.length + 1) + seeds)
  let before = 0
  const run = async (points: readonly StudyPoint[], step: number) => {
    await runPart({ points, step, before, of }, rows, options)
    before += points.length
  }
  await run(
    subjects.flatMap((subject) => rateTrials(subject, epochs)),
    0,
  )
  const ofShort = rows.filter((row) => row.epochs === short)
  const trials = subjects.flatMap((subject) => {
    const { rate } = bestTrial(ofShort, subject)
    return epochTrials(subject, { rate, epochs: long })
  })
  await run(trials, 1)
  const tuned = subjects.map((subject) => ({ ...subject, ...bestTrial(rows, subject) }))
  for (let seed = 1; seed <= seeds; seed++)
    await run(
      tuned.map((point) => ({ ...point, seed, phase: 'test' })),
      2,
    )
  return rows
}
