import { jobsOf, type Runner, type SweepEvent, sweep } from 'tfjs-prune/sweep'
import type { StudyPoint } from './job.js'
import { bestTrial, epochsFor, epochTrials, rateTrials, type Subject } from './plan.js'
import { addRow, readRows, type StudyRow } from './rows.js'
import { openSet } from './sets/sets.js'

/** Options of {@link study}. */
export interface StudyOptions {
  /** A set of the study, or the path of a folder. */
  readonly set: string
  readonly network: string
  readonly systems: readonly string[]
  /** Number of seeds. */
  readonly seeds: number
  /** Steps of the shorter training; the longer one has twice as many. @default 400 */
  readonly steps?: number
  readonly runner: Runner
  /** The file of the rows; those that it has are not made again. */
  readonly file: string
  /** The folder in which finished jobs are kept at once. */
  readonly store: string
  /** Version and commit that rows are marked with. */
  readonly marks: Pick<StudyRow, 'version' | 'commit'>
  readonly signal?: AbortSignal
  readonly onEvent?: (event: SweepEvent) => void
}

const KNOBS = ['set', 'network', 'system', 'seed', 'rate', 'epochs', 'phase'] as const

const isAt = (row: StudyPoint, point: StudyPoint) =>
  KNOBS.every((knob) => row[knob] === point[knob])

/**
 * Puts systems to the test on a set: tunes the rate of each on seeds of its own, then its epochs,
 * and runs it on the seeds that are reported. All get the same trials.
 *
 * @returns All rows of the file. Jobs that failed are told by `onEvent`, and are tried again when the
 *   study is started again.
 */
export async function study(options: StudyOptions): Promise<readonly StudyRow[]> {
  const { set, network, systems, seeds, steps = 400, file } = options
  const rows = readRows(file)
  const subjects: Subject[] = systems.map((system) => ({ set, network, system }))
  const { train } = openSet(set).draw(1)
  const epochs = epochsFor(train.labels.length, steps)
  const [short, long] = epochs
  await run(
    subjects.flatMap((subject) => rateTrials(subject, epochs)),
    rows,
    options,
  )
  const ofShort = rows.filter((row) => row.epochs === short)
  const trials = subjects.flatMap((subject) => {
    const { rate } = bestTrial(ofShort, subject)
    return epochTrials(subject, { rate, epochs: long })
  })
  await run(trials, rows, options)
  const tuned = subjects.map((subject) => ({ ...subject, ...bestTrial(rows, subject) }))
  for (let seed = 1; seed <= seeds; seed++)
    await run(
      tuned.map((point) => ({ ...point, seed, phase: 'test' })),
      rows,
      options,
    )
  return rows
}

/** Runs the points that have no row, and adds their rows to the list and to the file. */
async function run(points: readonly StudyPoint[], rows: StudyRow[], options: StudyOptions) {
  const { runner, store, file, marks, signal, onEvent } = options
  const open = points.filter((point) => !rows.some((row) => isAt(row, point)))
  if (open.length === 0) return
  const outcome = await sweep(jobsOf(open), {
    module: new URL('job.ts', import.meta.url),
    ...{ runner, store, retryFailed: true, attempts: 2 },
    ...(signal && { signal }),
    ...(onEvent && { onEvent }),
  })
  for (const { diverged, ...row } of outcome.rows as unknown as (StudyRow & {
    readonly diverged?: true
  })[]) {
    const marked = { ...row, ...marks }
    addRow(file, marked)
    rows.push(marked)
  }
  const [failed] = outcome.failed
  if (failed) throw new Error(`Cannot go on: ${failed.key} failed: ${failed.error!.message}`)
}
