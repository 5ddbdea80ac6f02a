import { addressOf } from './address-of.js'
import { loadRedis, type Redis } from './load-redis.js'
import type { RedisConnection } from './redis-connection.js'
import { serverProblem } from './server-problem.js'

const CONNECT_MILLISECONDS = 5000
const ANSWER_MILLISECONDS = 6000
const LONGEST_WAIT_MILLISECONDS = 2000

/** A connection, and how it is named in messages. */
export interface OpenedRedis {
  readonly redis: Redis
  readonly address: string
  /**
   * Closes it. A connection that is lost, and copies of it, are not made anew any more: commands
   * that wait for one are rejected within seconds.
   */
  readonly close: () => void
}

/**
 * Connects to Redis. A server that cannot be reached is an error within seconds; a connection that
 * is lost later on is made anew, again and again, and commands wait for it.
 *
 * @throws {Error} If there is no answer, or the user or the password is wrong.
 */
export async function openRedis(connection: RedisConnection, task: string): Promise<OpenedRedis> {
  const { Redis } = await loadRedis(task)
  const address = addressOf(connection)
  let isOpen = false
  const wait = (times: number) => Math.min(times * 200, LONGEST_WAIT_MILLISECONDS)
  const own = {
    lazyConnect: true,
    connectTimeout: CONNECT_MILLISECONDS,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (isOpen ? wait(times) : null),
  }
  const redis =
    typeof connection === 'string'
      ? new Redis(connection, own)
      : new Redis({ ...connection, ...own })
  let last: Error | undefined
  redis.on('error', (error: Error) => {
    last = error
  })
  let problem: string | undefined
  try {
    problem = await answered(redis.connect().then(() => redis.info())).then(serverProblem)
  } catch (error) {
    redis.disconnect()
    throw unreachable({ task, address }, (last ?? error) as Error)
  }
  if (problem !== undefined) {
    redis.disconnect()
    throw new Error(`Cannot ${task}: expected Redis at ${address} ${problem}`)
  }
  isOpen = true
  const close = () => {
    isOpen = false
    // To disconnect while it waits for the next try would leave its commands waiting for ever.
    if (redis.status !== 'reconnecting') redis.disconnect()
  }
  return { redis, address, close }
}

function unreachable({ task, address }: { task: string; address: string }, cause: Error): Error {
  const got = cause.message || (cause as { code?: string }).code || cause.name
  // Without its cause: errors of ioredis hold the command, and that of a login the password.
  return new Error(`Cannot ${task}: expected Redis at ${address}, got ${got}`)
}

/** Rejects for a server that takes the connection and says nothing. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    const error = new Error(`no answer in ${ANSWER_MILLISECONDS / 1000} seconds`)
    timer = setTimeout(() => reject(error), ANSWER_MILLISECONDS)
  })
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}
