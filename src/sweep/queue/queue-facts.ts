import type { SweepJob } from '../job.js'
import type { OpenedRedis } from '../redis/open-redis.js'
import { release } from './protocol.js'

/** The sweep that a queue is of, as it stands in Redis. */
export interface QueueFacts {
  readonly release: string
  /** Names of the knobs of its points, sorted. */
  readonly knobs: readonly string[]
}

/** The facts about a queue, if a driver has written them. */
export async function readFacts(
  { redis }: OpenedRedis,
  key: string,
): Promise<QueueFacts | undefined> {
  const text = await redis.get(key)
  return text === null ? undefined : (JSON.parse(text) as QueueFacts)
}

/** Writes the facts about a queue. */
export async function writeFacts(
  { redis }: OpenedRedis,
  key: string,
  facts: QueueFacts,
): Promise<void> {
  await redis.set(key, JSON.stringify(facts))
}

/** The facts about the queue of these jobs. */
export function factsOf(jobs: readonly SweepJob[]): QueueFacts {
  const knobs = new Set(jobs.flatMap(({ point }) => Object.keys(point)))
  return { release, knobs: [...knobs].sort() }
}

/** Throws if a queue that is not empty is of another sweep or of another version. */
export function checkFacts(found: QueueFacts, own: QueueFacts, subject: string): void {
  const start = `Cannot run the sweep: expected ${subject} to hold jobs`
  const remedy = 'choose another name, or let that sweep end'
  if (found.knobs.join() !== own.knobs.join()) {
    const wanted = `of the knobs ${own.knobs.join(', ')}`
    throw new RangeError(`${start} ${wanted}, got ${found.knobs.join(', ')}: ${remedy}`)
  }
  if (found.release !== own.release)
    throw new Error(`${start} of version ${own.release}, got ${found.release}: ${remedy}`)
}
