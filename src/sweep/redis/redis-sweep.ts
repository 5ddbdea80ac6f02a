import { checkOptions } from '../../internal/check-options.js'
import { required } from '../../internal/option-checks.js'
import { thenClose } from '../../internal/then-close.js'
import { checkFacts, isEmpty } from '../check-facts.js'
import type { FinishedJob } from '../finished-job.js'
import type { OpenedSweep, SweepFacts, SweepStore } from '../sweep-store.js'
import { addressOf } from './address-of.js'
import { type HeldLock, holdLock } from './hold-lock.js'
import { type OpenedRedis, openRedis } from './open-redis.js'
import { checkConnection, checkName } from './redis-checks.js'
import type { RedisConnection } from './redis-connection.js'
import { storedOutcomes } from './stored-outcomes.js'

/** Options of {@link redisSweep}. */
export interface RedisSweepOptions {
  /** Where Redis is: a `redis://` or `rediss://` URL, or options of ioredis. */
  readonly connection: RedisConnection
  /** The name of the sweep: letters, digits, dots, dashes and underscores. */
  readonly name: string
}

const task = 'sweep'

const SAVE = `local held = redis.call('get', KEYS[1])
  if held and held ~= ARGV[1] then return 0 end
  redis.call('rpush', KEYS[2], ARGV[2]) return 1`

/**
 * Keeps outcomes in Redis, so that a sweep needs no folder: a driver on any machine goes on with it.
 *
 * An outcome is there for good when Redis has it on its disk: `appendonly yes` and `appendfsync
 * always` in the settings of the server, or up to a second later with `everysec`. One driver at a
 * time holds a lock, which it renews; 15 seconds after a crash it is free.
 *
 * @param options Where Redis is, and the name of the sweep.
 * @returns A store for `sweep`, beside any runner. Its connection is open while a sweep is.
 * @throws {TypeError | RangeError} If an option is missing, unknown or wrong. Opening it throws if
 *   ioredis is not installed, Redis cannot be reached, another driver is at work, or the outcomes
 *   are of a grid with other knobs.
 *
 * @example
 * ```ts
 * import { redisSweep } from 'tfjs-prune/sweep'
 *
 * const store = redisSweep({ connection: 'redis://me:secret@localhost:6379', name: 'study' })
 * if (store.name !== 'study at redis://localhost:6379') throw new Error('without the password')
 * ```
 */
export function redisSweep(options: RedisSweepOptions): SweepStore {
  const checks = { connection: required(checkConnection), name: required(checkName) }
  checkOptions(options, { task: 'make redisSweep', checks })
  const { connection, name } = options
  const keys = keysOf(name)
  return {
    name: `${name} at ${addressOf(connection)}`,
    open: (facts) => open({ connection, name, keys, facts }),
    read: async () => {
      const opened = await openRedis(connection, 'read the sweep')
      try {
        if ((await readFacts(opened, keys)) === undefined)
          throw new Error(`Cannot read the sweep: expected ${name} at ${opened.address}, got none`)
        return await storedOutcomes(opened, keys.outcomes, 'read the sweep')
      } finally {
        opened.close()
      }
    },
  }
}

interface Keys {
  readonly lock: string
  readonly facts: string
  readonly outcomes: string
}

function keysOf(name: string): Keys {
  const start = `tfjs-prune:outcomes:${name}`
  return { lock: `${start}:lock`, facts: `${start}:facts`, outcomes: `${start}:list` }
}

interface Request extends RedisSweepOptions {
  readonly keys: Keys
  readonly facts: SweepFacts
}

async function open({ connection, name, keys, facts }: Request): Promise<OpenedSweep> {
  const opened = await openRedis(connection, task)
  const subject = `the sweep ${name}`
  try {
    const lock = await holdLock(opened, { key: keys.lock, task, subject })
    try {
      const found = await readFacts(opened, keys)
      const store = `${name} at ${opened.address}`
      if (found) checkFacts(found, { wanted: facts, store })
      if (!found || isEmpty(found)) await opened.redis.set(keys.facts, JSON.stringify(facts))
      const finished = await storedOutcomes(opened, keys.outcomes, task)
      return opening(opened, { lock, keys, finished })
    } catch (error) {
      return await thenClose(() => Promise.reject(error), lock.release)
    }
  } catch (error) {
    opened.close()
    throw error
  }
}

function opening(
  { redis, address, close }: OpenedRedis,
  { lock, keys, finished }: { lock: HeldLock; keys: Keys; finished: readonly FinishedJob[] },
): OpenedSweep {
  return {
    finished,
    save: async (outcome) => {
      const text = JSON.stringify(outcome)
      if (await redis.eval(SAVE, 2, keys.lock, keys.outcomes, lock.value, text)) return
      const got = 'another one, which took over after a pause of this one'
      throw new Error(`Cannot ${task}: expected to be the driver at ${address}, got ${got}`)
    },
    close: async () => {
      await lock.release().finally(close)
    },
  }
}

async function readFacts({ redis }: OpenedRedis, { facts }: Keys): Promise<SweepFacts | undefined> {
  const text = await redis.get(facts)
  return text === null ? undefined : (JSON.parse(text) as SweepFacts)
}
