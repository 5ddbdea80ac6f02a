import type { OpenedRedis } from '../redis/open-redis.js'
import { keysOf, release } from './protocol.js'
import { readFacts } from './queue-facts.js'

/** The error of a worker whose package is not that of the driver. */
export function otherRelease(name: string, wanted: string): Error {
  const what = `tfjs-prune ${wanted}, as the driver of the queue ${name} has it`
  return new Error(`Cannot work for the queue: expected ${what}, got ${release}`)
}

/** Throws if the queue is of a driver of another version. */
export async function checkRelease(opened: OpenedRedis, name: string): Promise<void> {
  const facts = await readFacts(opened, keysOf(name).facts)
  if (facts && facts.release !== release) throw otherRelease(name, facts.release)
}
