import type { FinishedJob } from '../finished-job.js'
import type { OpenedRedis } from './open-redis.js'

const AT_ONCE = 1000

/** All outcomes of a list, in its order. Throws, with its number, for an entry that is none. */
export async function storedOutcomes(
  { redis, address }: OpenedRedis,
  key: string,
  task: string,
): Promise<readonly FinishedJob[]> {
  const outcomes: FinishedJob[] = []
  for (;;) {
    const start = outcomes.length
    const texts = await redis.lrange(key, start, start + AT_ONCE - 1)
    for (const text of texts) {
      const place = `entry ${outcomes.length} of ${key} at ${address}`
      outcomes.push(outcomeOf(text, `Cannot ${task}: expected an outcome in ${place}`))
    }
    if (texts.length < AT_ONCE) return outcomes
  }
}

function outcomeOf(text: string, problem: string): FinishedJob {
  try {
    const value = JSON.parse(text) as Partial<FinishedJob> | null
    if (typeof value?.key === 'string' && Array.isArray(value.rows)) return value as FinishedJob
  } catch {
    // Told below.
  }
  throw new Error(`${problem}, got ${JSON.stringify(text.slice(0, 40))}`)
}
