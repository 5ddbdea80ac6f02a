import type { FinishedJob } from '../finished-job.js'
import type { SweepJob } from '../job.js'
import { linkToProcess, type ProcessLink } from './link-to-process.js'
import type { FromProcess } from './messages.js'

/** A run of a job in another process. */
export interface JobRun {
  readonly attempt: number
  /** Names the worker in the outcome. */
  readonly worker: string
  readonly signal: AbortSignal
  readonly progress: (share: number, message?: string) => void
}

/** A process with a module of jobs and a tfjs of its own. */
export interface JobProcess {
  /**
   * Runs one job at a time. Rejects with a `LostProcess` if the process ends, and with the reason of
   * the signal if that is aborted: a job that does not stop is then ended with its process.
   */
  readonly run: (job: SweepJob, how: JobRun) => Promise<FinishedJob>
  readonly isAlive: () => boolean
  readonly end: () => void
}

const GRACE_MILLISECONDS = 1000

/**
 * Starts a process for jobs. It ends with this one.
 *
 * @param module URL of the module of jobs.
 * @throws {TypeError} If the default export of the module is no function.
 * @throws {Error} If the module cannot be imported.
 */
export async function startJobProcess(module: string): Promise<JobProcess> {
  const link = linkToProcess(module)
  const answer = await new Promise<FromProcess>((take, lose) => link.listen({ take, lose }))
  if (answer.type === 'refused') {
    link.end()
    const { name, message } = answer.error
    throw name === 'TypeError' ? new TypeError(message) : new Error(message)
  }
  const { isAlive, end } = link
  return { run: (job, how) => runIn(link, { job, how }), isAlive, end }
}

interface Request {
  readonly job: SweepJob
  readonly how: JobRun
}

async function runIn(link: ProcessLink, { job, how }: Request): Promise<FinishedJob> {
  const { attempt, worker, signal, progress } = how
  signal.throwIfAborted()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => {
    link.send({ type: 'abort' })
    timer = setTimeout(link.end, GRACE_MILLISECONDS)
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await new Promise<FinishedJob>((resolve, lose) => {
      const take = (message: FromProcess) => {
        if (message.type === 'progress') progress(message.share, message.message)
        if (message.type === 'ended') resolve(message.outcome)
        if (message.type === 'stopped') lose(signal.reason)
      }
      link.listen({ take, lose })
      link.send({ type: 'run', job, attempt, worker })
    })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    signal.throwIfAborted()
  }
}
