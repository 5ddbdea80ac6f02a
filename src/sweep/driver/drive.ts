import { atOnce } from '../../internal/at-once.js'
import { thenClose } from '../../internal/then-close.js'
import { untilAbort } from '../../internal/until-abort.js'
import type { FinishedJob } from '../finished-job.js'
import type { SweepJob } from '../job.js'
import type { Retries, Runner } from '../runner.js'
import type { OpenedSweep } from '../sweep-store.js'
import type { JobSource } from './job-source.js'
import { SweepError } from './sweep-error.js'
import type { SweepEvent } from './sweep-event.js'
import { byKey } from './sweep-rows.js'
import { type Tally, tally } from './tally.js'

/** All that a sweep needs while it runs. */
export interface DrivePlan {
  readonly jobs: readonly SweepJob[]
  readonly opened: OpenedSweep
  readonly runner: Runner
  readonly source: JobSource
  readonly retries: Retries
  readonly retryFailed: boolean
  readonly signal: AbortSignal
  readonly onEvent: (event: SweepEvent) => void
}

/** The outcomes of all jobs by their keys. */
export interface Driven {
  readonly outcomes: ReadonlyMap<string, FinishedJob>
  readonly skipped: number
  readonly others: number
}

/**
 * Runs the jobs that have no outcome yet, stores each outcome once, tells of it, and closes the
 * store.
 */
export async function drive(plan: DrivePlan): Promise<Driven> {
  const { opened, jobs } = plan
  let counts: Tally | undefined
  const work = async () => {
    const begun = beginning(plan)
    counts = tally([...begun.outcomes.values()], jobs.length)
    return runLeft(plan, begun, counts)
  }
  try {
    return await thenClose(work, () => untilAbort(opened.close(), plan.signal))
  } catch (error) {
    // Without counts nothing was begun: the outcomes of the store are of other knobs.
    throw counts ? new SweepError(error, counts.now()) : error
  }
}

async function runLeft(plan: DrivePlan, begun: Beginning, counts: Tally): Promise<Driven> {
  const { opened, runner, source, retries, signal, onEvent } = plan
  const { outcomes, left, others, isStored } = begun
  const skipped = outcomes.size
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  const hear = atOnce(onEvent, { task: 'sweep', name: 'onEvent' })
  const tell = (event: SweepEvent) => {
    try {
      hear(event)
    } catch (error) {
      stop.abort(error)
    }
  }
  const finish = async (outcome: FinishedJob) => {
    await untilAbort(opened.save(outcome), ended)
    outcomes.set(outcome.key, outcome)
    tell({ type: 'finished', key: outcome.key, outcome, ...counts.add(outcome) })
  }
  const context = { ...source, retries, signal: ended, finish: once(left, finish), isStored, tell }
  tell({ type: 'opened', ...counts.now(), others })
  ended.throwIfAborted()
  if (left.length > 0) await runner.run(left, context)
  stop.signal.throwIfAborted()
  const lost = left.find(({ key }) => !outcomes.has(key))
  if (lost) throw new Error(`the runner, ${runner.name}, has no outcome of ${lost.key}`)
  return { outcomes, skipped, others }
}

type Beginning = ReturnType<typeof beginning>

/** The outcomes that count from the store, and the jobs without one. */
function beginning({ jobs, opened, retryFailed }: DrivePlan) {
  const stored = byKey(opened.finished)
  const outcomes = new Map<string, FinishedJob>()
  for (const job of jobs) {
    const outcome = outcomeOf(job, stored)
    if (outcome && !(outcome.error && retryFailed)) outcomes.set(job.key, outcome)
  }
  const keys = new Set(jobs.map(({ key }) => key))
  const others = [...stored.keys()].filter((key) => !keys.has(key)).length
  const isStored = ({ key, finishedAt, worker }: FinishedJob) => {
    const one = stored.get(key)
    return one?.finishedAt === finishedAt && one.worker === worker
  }
  return { outcomes, left: jobs.filter(({ key }) => !outcomes.has(key)), others, isStored }
}

/** Takes the first outcome of each job; a second one is dropped once the first is stored. */
function once(
  jobs: readonly SweepJob[],
  finish: (outcome: FinishedJob) => Promise<void>,
): (outcome: FinishedJob) => Promise<void> {
  const points = new Map(jobs.map(({ key, point }) => [key, point]))
  const taken = new Map<string, Promise<void>>()
  return (outcome) => {
    const { key } = outcome
    const point = points.get(key)
    if (!point) return Promise.resolve()
    const first = taken.get(key) ?? finish({ ...outcome, point })
    taken.set(key, first)
    return first
  }
}

/** The stored outcome of a job; undefined where there is none. */
function outcomeOf(
  { key, point }: SweepJob,
  stored: ReadonlyMap<string, FinishedJob>,
): FinishedJob | undefined {
  const outcome = stored.get(key)
  if (!outcome || isSame(outcome.point, point)) return outcome
  const [wanted, got] = [point, outcome.point].map((one) => JSON.stringify(one))
  throw new RangeError(
    `Cannot sweep: expected the point ${wanted} of the job ${key} in the store, got ${got}`,
  )
}

const isSame = (one: unknown, other: unknown) =>
  JSON.stringify(one) === JSON.stringify(other) || jsonOf(one) === jsonOf(other)

/** JSON with names in their order. */
const jsonOf = (value: unknown) =>
  JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
