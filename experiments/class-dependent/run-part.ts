import { jobsOf, type Runner, type SweepEvent, sweep } from 'tfjs-prune/sweep'
import { addRow, type StudyRow } from './rows.js'
import type { StudyJobEnded } from './study-events.js'
import type { StudyPoint } from './study-point.js'

/** Options of {@link runPart} that all parts of a study share. */
export interface RunOptions {
  readonly runner: Runner
  /** The file of the rows; those that it has are not made again. */
  readonly file: string
  /** The folder in which finished jobs are kept at once. */
  readonly store: string
  /** Version and commit that rows are marked with. */
  readonly marks: Pick<StudyRow, 'version' | 'commit'>
  readonly signal?: AbortSignal
  readonly onEvent?: (event: SweepEvent) => void
  readonly onJobEnded?: (ended: StudyJobEnded) => void
}

/** A part of a study that is to run. */
export interface StudyPart {
  readonly points: readonly StudyPoint[]
  /** Place in `STEPS`. */
  readonly step: number
  /** Jobs of the parts before it. */
  readonly before: number
  /** Jobs of the whole study. */
  readonly of: number
}

const KNOBS = ['set', 'network', 'system', 'seed', 'rate', 'epochs', 'phase'] as const

const isAt = (row: StudyPoint, point: StudyPoint) =>
  KNOBS.every((knob) => row[knob] === point[knob])

/** Runs the points that have no row, and adds their rows to the list and to the file. */
export async function runPart(part: StudyPart, rows: StudyRow[], options: RunOptions) {
  const { runner, store, file, marks, signal } = options
  const open = part.points.filter((point) => !rows.some((row) => isAt(row, point)))
  if (open.length === 0) return
  const before = part.before + part.points.length - open.length
  const outcome = await sweep(jobsOf(open), {
    module: new URL('job.ts', import.meta.url),
    ...{ runner, store, retryFailed: true, attempts: 2 },
    ...(signal && { signal }),
    onEvent: (event) => tell(event, { ...part, before }, options),
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

function tell(event: SweepEvent, { before, of, step }: StudyPart, options: RunOptions): void {
  options.onEvent?.(event)
  if (event.type !== 'finished') return
  const { point, seconds, error } = event.outcome
  options.onJobEnded?.({
    ...{ of, step, seconds, done: before + event.done },
    point: point as unknown as StudyPoint,
    ...(error && { error: error.message }),
  })
}
