import { queue, type WorkerOptions, worker } from 'tfjs-prune/sweep'

/** Options of {@link work}. */
export interface WorkOnQueueOptions {
  readonly concurrency?: number | undefined
  /** Seconds without a job after which the worker ends. @default Infinity */
  readonly idle?: number | undefined
  readonly onOutcome?: WorkerOptions['onOutcome'] | undefined
  /** Told once the options are right, with the queue in words. */
  readonly onStart?: ((queue: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** The queue to work on. */
export interface QueuePlace {
  readonly connection: string
  readonly name: string
}

/** The outcome of {@link work}: plain data. */
export interface Worked {
  readonly module: string
  readonly queue: string
  /** Jobs that ended well. */
  readonly done: number
  /** Jobs that ended with an error. */
  readonly failed: number
}

/** Works on the jobs of a queue until it is stopped, or there is none for a time. */
export async function work(
  module: string,
  place: QueuePlace,
  { concurrency, idle, onOutcome, onStart, signal }: WorkOnQueueOptions = {},
): Promise<Worked> {
  const { name } = queue(place)
  onStart?.(name)
  let [done, failed] = [0, 0]
  await worker({
    ...{ module, ...place },
    ...(concurrency !== undefined && { concurrency }),
    ...(idle !== undefined && { idleSeconds: idle }),
    ...(signal && { signal }),
    onOutcome: (outcome) => {
      if (outcome.error) failed++
      else done++
      onOutcome?.(outcome)
    },
  })
  return { module, queue: name, done, failed }
}
