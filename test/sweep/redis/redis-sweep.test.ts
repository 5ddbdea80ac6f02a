import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FinishedJob } from '../../../src/sweep/finished-job.js'
import { grid, inProcess, readRows, redisSweep, sweep } from '../../../src/sweep/index.js'
import { freePort, skipsRedis, startRedis, type TestRedis } from '../queue/start-redis.js'

let server: TestRedis
let redis: Redis

beforeAll(async () => {
  if (skipsRedis) return
  server = await startRedis()
  redis = new Redis(server.url)
  redis.on('error', () => {}) // a test starts the server anew
})
afterAll(async () => {
  if (skipsRedis) return
  redis.disconnect()
  await server.end()
})

const storeOf = (name: string) => redisSweep({ connection: server.url, name })
const facts = { knobs: ['seed'], version: '0.1.0' }
const outcome = (seed: number): FinishedJob => ({
  key: `seed=${seed}`,
  point: { seed },
  rows: [{ square: seed ** 2 }],
  attempts: 1,
  seconds: 0.5,
  finishedAt: new Date(0).toISOString(),
  worker: 'here:1',
})
const square = ({ seed }: { seed: number }) => ({ square: seed ** 2 })

describe.skipIf(skipsRedis)('redisSweep', () => {
  test('redisSweep keeps outcomes in their order, through a restart of Redis', async () => {
    const first = await storeOf('order').open(facts)
    for (const seed of [3, 1, 2]) await first.save(outcome(seed))
    await server.restart()
    await first.save(outcome(4))
    await first.close()
    const second = await storeOf('order').open(facts)
    expect(second.finished).toEqual([3, 1, 2, 4].map(outcome))
    await second.close()
  })

  test('redisSweep does not hold up an abort while Redis is gone', async () => {
    const gone = await startRedis()
    const store = redisSweep({ connection: gone.url, name: 'gone' })
    const stop = new AbortController()
    const module = async () => {
      await gone.end()
      setTimeout(() => stop.abort(new Error('enough')), 100)
      return {}
    }
    const ended = sweep(grid({ seed: [1, 2] }), { module, store, signal: stop.signal })
    await expect(ended).rejects.toThrow('enough')
  })

  test('redisSweep lets a sweep go on where it was left', async () => {
    const store = storeOf('goes-on')
    await sweep(grid({ seed: [1, 2] }), { module: square, store })
    const begun: number[] = []
    const job = ({ seed }: { seed: number }) => {
      begun.push(seed)
      return square({ seed })
    }
    const options = { module: job, store, runner: inProcess() }
    const { rows, skipped } = await sweep(grid({ seed: [1, 2, 3] }), options)
    expect(begun).toEqual([3])
    expect(skipped).toBe(2)
    expect(rows).toEqual([1, 2, 3].map((seed) => ({ seed, square: seed ** 2 })))
    expect(await readRows(store)).toEqual(rows)
  })

  test('redisSweep reads thousands of outcomes whole', async () => {
    const opened = await storeOf('many').open(facts)
    await redis.rpush('tfjs-prune:outcomes:many:list', ...seeds(2500).map(textOf))
    await opened.close()
    const found = await storeOf('many').read()
    expect(found.map(({ point }) => point.seed)).toEqual(seeds(2500))
  })

  test('redisSweep refuses a second driver while one is at work', async () => {
    const first = await storeOf('two').open(facts)
    await expect(storeOf('two').open(facts)).rejects.toThrow(`process ${process.pid} of `)
    await first.close()
    await (await storeOf('two').open(facts)).close()
  })

  test('redisSweep saves nothing more for a driver whose lock another one has', async () => {
    const first = await storeOf('lost').open(facts)
    await redis.del('tfjs-prune:outcomes:lost:lock')
    const second = await storeOf('lost').open(facts)
    await second.save(outcome(2))
    await expect(first.save(outcome(1))).rejects.toThrow('expected to be the driver')
    await first.close()
    // The end of the first one leaves the lock of the second.
    await expect(storeOf('lost').open(facts)).rejects.toThrow('expected one driver')
    await second.close()
    expect(await storeOf('lost').read()).toEqual([outcome(2)])
  })

  test('redisSweep refuses outcomes of other knobs, names both and stays closed', async () => {
    await (await storeOf('knobs').open(facts)).close()
    const other = storeOf('knobs').open({ ...facts, knobs: ['rate'] })
    await expect(other).rejects.toThrow('with the knobs rate in knobs at redis://')
    await (await storeOf('knobs').open(facts)).close()
  })

  test('redisSweep takes any grid after a sweep without jobs', async () => {
    const none = { ...facts, knobs: [] }
    for (const one of [none, facts, none]) await (await storeOf('none').open(one)).close()
    const other = storeOf('none').open({ ...facts, knobs: ['rate'] })
    await expect(other).rejects.toThrow('with the knobs rate in none at redis://')
  })

  test('redisSweep tells the first error where its lock cannot be given back', async () => {
    await (await storeOf('stuck').open(facts)).close()
    // A user without scripts takes the lock, and cannot drop it.
    await redis.call('ACL', 'SETUSER', 'plain', 'on', '>secret', '~*', '+@all', '-eval')
    const connection = server.url.replace('//', '//plain:secret@')
    const store = redisSweep({ connection, name: 'stuck' })
    const other = store.open({ ...facts, knobs: ['rate'] })
    await expect(other).rejects.toThrow('with the knobs rate in stuck at redis://')
  })

  test('redisSweep tells an entry that is no outcome, and a sweep that is not there', async () => {
    await (await storeOf('broken').open(facts)).close()
    await redis.rpush('tfjs-prune:outcomes:broken:list', JSON.stringify(outcome(1)), '{"key":')
    await expect(storeOf('broken').open(facts)).rejects.toThrow('an outcome in entry 1 of')
    await expect(storeOf('nowhere').read()).rejects.toThrow('expected nowhere at redis://')
  })

  test('redisSweep names the address that does not answer, without the password', async () => {
    const port = await freePort()
    const store = redisSweep({ connection: `redis://me:secret@127.0.0.1:${port}/2`, name: 'a' })
    expect(store.name).toBe(`a at redis://127.0.0.1:${port}/2`)
    const error = String(await store.open(facts).catch((error) => error))
    expect(error).toContain(`expected Redis at redis://127.0.0.1:${port}/2, got connect ECONN`)
    expect(error).not.toContain('secret')
  })
})

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed)
const textOf = (seed: number) => JSON.stringify(outcome(seed))
