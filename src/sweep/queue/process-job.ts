import type { Job } from 'bullmq'
import type { FinishedJob, JobError } from '../finished-job.js'
import type { PoolMessage } from '../processes/pool-call.js'
import type { BullModule } from '../redis/load-redis.js'
import type { JobEvent } from '../runner.js'
import { type QueuedJob, release } from './protocol.js'
import type { Slots } from './slots.js'
import { sparingly } from './sparingly.js'

/** The tools of a worker for each of its jobs. */
export interface Workplace {
  readonly bull: BullModule
  /** The URL of the module whose default export is the job. */
  readonly module: string
  readonly slots: Slots
  /** Never throws, as `onOutcome`. */
  readonly onEvent: (event: JobEvent) => void
  readonly onOutcome: (outcome: FinishedJob) => void
  /** Told if a job is of another version of this package; the job goes back to the queue. */
  readonly refuse: (release: string) => void
}

/** A job that this worker has the lock of. */
export interface HeldJob {
  readonly job: Job
  readonly token: string
  /** Aborted where the job is to be given back. */
  readonly signal: AbortSignal
}

const BETWEEN_PROGRESS_MILLISECONDS = 500

/**
 * Runs a job of the queue in another process, so that this one renews its lock while tfjs computes.
 * Throws where BullMQ is to try it again or has it back.
 */
export async function processJob(held: HeldJob, place: Workplace): Promise<FinishedJob> {
  const { job, signal } = held
  const { key, point, release: wanted } = job.data as QueuedJob
  if (wanted !== release) {
    place.refuse(wanted)
    return giveBack(held, place)
  }
  const attempt = job.attemptsMade + 1
  const tell = (event: JobEvent) => {
    place.onEvent(event)
    void job.updateProgress(event).catch(() => {})
  }
  const tellProgress = sparingly(BETWEEN_PROGRESS_MILLISECONDS, tell)
  const hear = ({ about: _, ...message }: PoolMessage) => {
    if (message.type === 'started') tell({ ...message, key, attempt })
    else tellProgress({ ...message, key })
  }
  try {
    const call = { job: { key, point }, attempt, module: place.module, signal, tell: hear }
    const outcome = await place.slots.run(call)
    if (!outcome.error || attempt >= (job.opts.attempts ?? 1)) {
      place.onOutcome(outcome)
      return outcome
    }
    tell({ type: 'retried', key, attempt, reason: outcome.error.message })
    throw thrownBy(outcome.error)
  } catch (error) {
    return signal.aborted ? giveBack(held, place) : Promise.reject(error)
  }
}

/** Puts a job back into the queue; one whose lock is lost is there already. */
async function giveBack({ job, token }: HeldJob, { bull }: Workplace): Promise<never> {
  await job.moveToWait(token).catch(() => {})
  throw new bull.WaitingError()
}

const thrownBy = ({ name, message }: JobError) => Object.assign(new Error(message), { name })
