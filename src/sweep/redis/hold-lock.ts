import { type LockOwner, mayBeAtWork, thisOwner } from '../../runs/lock-owner.js'
import type { OpenedRedis } from './open-redis.js'

/** A lock with a time limit that is renewed until it is given back. */
export interface HeldLock {
  /** Its value: who holds it. A script can compare it. */
  readonly value: string
  /** Aborted, with an error as the reason, if another process has taken it. */
  readonly lost: AbortSignal
  readonly release: () => Promise<void>
}

/** The lock to hold. */
export interface LockRequest {
  readonly key: string
  readonly task: string
  /** The thing that one may work on, in words: `the queue "study"`. */
  readonly subject: string
}

/** Seconds after which the lock of a lost process is free. */
const SECONDS = 15

const SWAP = `if redis.call('get', KEYS[1]) == ARGV[1] then
  redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3]) return 1 end return 0`
const RENEW = `local held = redis.call('get', KEYS[1])
  if held and held ~= ARGV[1] then return held end
  redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])`
const DROP = `if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end`

/**
 * Takes a lock in Redis. That of a process of this host which has ended is taken over at once; that
 * of a process of another host ends by itself after seconds.
 *
 * @throws {Error} If another process holds it, naming that one.
 */
export async function holdLock(
  { redis, address }: OpenedRedis,
  { key, task, subject }: LockRequest,
): Promise<HeldLock> {
  const value = JSON.stringify(thisOwner())
  const milliseconds = SECONDS * 1000
  const refuse = (held: string) => refused(JSON.parse(held), { task, subject, address })
  while ((await redis.set(key, value, 'PX', milliseconds, 'NX')) !== 'OK') {
    const held = await redis.get(key)
    if (held === null) continue // It has ended meanwhile.
    if (mayBeAtWork(JSON.parse(held))) throw refuse(held)
    if (await redis.eval(SWAP, 1, key, held, value, milliseconds)) break
  }
  const lost = new AbortController()
  const renew = async () => {
    const other = await redis.eval(RENEW, 1, key, value, milliseconds)
    if (typeof other === 'string') lost.abort(refuse(other))
  }
  // A connection that is lost comes back: the next call renews the lock.
  const timer = setInterval(() => void renew().catch(() => {}), milliseconds / 3)
  const release = async () => {
    clearInterval(timer)
    // Without a connection it is not waited for: the lock ends by itself.
    if (redis.status === 'ready') await redis.eval(DROP, 1, key, value)
  }
  return { value, lost: lost.signal, release }
}

interface Where {
  readonly task: string
  readonly subject: string
  readonly address: string
}

function refused({ pid, host }: LockOwner, { task, subject, address }: Where): Error {
  const got = `process ${pid} of ${host} at work on it`
  const remedy = `wait for its end; ${SECONDS} seconds after a crash it is free`
  return new Error(
    `Cannot ${task}: expected one driver of ${subject} at ${address}, got ${got}: ${remedy}`,
  )
}
