import { type AddressInfo, connect, createServer } from 'node:net'
import { inspect } from 'node:util'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, test as base, beforeAll, describe, expect } from 'vitest'
import type { FinishedJob } from '../../../src/sweep/finished-job.js'
import { PREFIX } from '../../../src/sweep/queue/protocol.js'
import { queue } from '../../../src/sweep/queue/queue.js'
import type { Runner } from '../../../src/sweep/runner.js'
import { buildPrograms, type Programs } from '../build-programs.js'
import { childrenOf, isAlive } from './processes.js'
import { runJobs } from './run-jobs.js'
import { freePort, skipsRedis, startRedis, type TestRedis } from './start-redis.js'
import { endWorkers, startWorker, type TestWorker, type TestWorkerOptions } from './start-worker.js'

let server: TestRedis
let redis: Redis
let programs: Programs

beforeAll(async () => {
  if (skipsRedis) return
  ;[server, programs] = await Promise.all([startRedis({ password: 'secret' }), buildPrograms()])
  redis = new Redis(server.url)
})
afterAll(async () => {
  if (skipsRedis) return
  redis.disconnect()
  await server.end()
  programs.remove()
})

type WorkOptions = Pick<TestWorkerOptions, 'idleSeconds' | 'lockSeconds' | 'throwsIn'>

/** The queue of a test, with a name of its own. */
interface Line {
  readonly name: string
  readonly runner: () => Runner
  /** Starts a worker, which is ended after the test. */
  readonly work: (options?: WorkOptions) => TestWorker
}

const test = base.extend<{ line: Line }>({
  line: async ({ task }, use) => {
    const name = `study-${task.id}`
    const workers: TestWorker[] = []
    const runner = () => queue({ connection: server.url, name })
    const work = (options: WorkOptions = {}) => {
      const program = programs.work
      const started = startWorker({ connection: server.url, name, program, ...options })
      workers.push(started)
      return started
    }
    await use({ name, runner, work })
    await endWorkers(workers)
  },
})

const until = async (isSo: () => unknown) => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}
/** The server behind a door that lets no byte of a connection through from its SUBSCRIBE on. */
async function withoutSubscriptions({ url, port }: TestRedis) {
  const door = createServer((client) => {
    const behind = connect(port, '127.0.0.1')
    let isDeaf = false
    client.on('data', (bytes) => {
      isDeaf ||= /subscribe/i.test(bytes.toString('latin1'))
      if (!isDeaf) behind.write(bytes)
    })
    behind.pipe(client)
    for (const socket of [client, behind]) socket.on('error', () => {})
    client.on('close', () => behind.destroy())
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const own = (door.address() as AddressInfo).port
  return { url: url.replace(String(port), String(own)), end: () => door.close() }
}

const firstEvent = () => {
  let tell = () => {}
  const event = new Promise<void>((resolve) => {
    tell = resolve
  })
  return { event, tell: () => tell() }
}
const sleepers = (seconds: number, many = 1) =>
  Array.from({ length: many }, (_, n) => ({ task: 'sleep', seconds, n }))

describe.skipIf(skipsRedis)('queue', () => {
  test('queue gives the figures of each job, told by a worker, and leaves none behind', async ({
    line: { name, runner, work },
  }) => {
    const run = runJobs(runner(), [
      { task: 'square', n: 3 },
      { task: 'square', n: 4 },
      { task: 'progress' },
    ])
    work()
    const { outcomes, events } = await run
    const rows = new Map(outcomes.map(({ point, rows }) => [JSON.stringify(point), rows]))
    expect(rows.get('{"task":"square","n":3}')).toEqual([{ square: 9 }])
    expect(rows.get('{"task":"square","n":4}')).toEqual([{ square: 16 }])
    expect(rows.get('{"task":"progress"}')).toEqual([{ level: 1 }, { level: 2 }])
    expect(outcomes.every(({ attempts, error }) => attempts === 1 && !error)).toBe(true)
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(3)
    expect(events).toContainEqual({
      type: 'progress',
      key: '{"task":"progress"}',
      share: 0.5,
      message: 'half of it',
    })
    expect((await redis.keys(`${PREFIX}:${name}:job-*`)).length).toBe(0)
  })

  test('queue tries a job that throws again, and then gives its last error', async ({
    line: { runner, work },
  }) => {
    const points = [
      { task: 'fail', times: 1 },
      { task: 'fail', times: 9 },
    ]
    const run = runJobs(runner(), points, { retries: { attempts: 2, backoffSeconds: 0.1 } })
    work()
    const { outcomes, events } = await run
    const [good] = outcomes.filter(({ error }) => !error)
    const [bad] = outcomes.filter(({ error }) => error)
    expect(good).toMatchObject({ rows: [{ attempt: 2 }], attempts: 2 })
    expect(bad).toMatchObject({ rows: [], attempts: 2 })
    expect(bad!.error).toMatchObject({ name: 'RangeError', message: 'bad point, try 2' })
    expect(events.filter(({ type }) => type === 'retried')).toHaveLength(2)
  })

  test('queue keeps a job that blocks its process for longer than the lock lasts', async ({
    line: { runner, work },
  }) => {
    const run = runJobs(runner(), [{ task: 'block', seconds: 3 }])
    work({ lockSeconds: 1 })
    work({ lockSeconds: 1 })
    const { outcomes, events } = await run
    expect(outcomes).toMatchObject([{ rows: [{ blocked: 3 }], attempts: 1 }])
    expect(events.filter(({ type }) => type !== 'progress')).toHaveLength(1)
  })

  test('queue tells a job whose process ends each time as an error', async ({
    line: { runner, work },
  }) => {
    const run = runJobs(runner(), [{ task: 'killSelf' }, { task: 'square', n: 2 }])
    work()
    const { outcomes } = await run
    expect(outcomes).toHaveLength(2)
    const bad = outcomes.find(({ error }) => error)
    expect(bad!.error!.message).toContain('expected the worker to live, got its end')
  })

  test('queue lets its workers give their jobs back when the sweep is aborted', async ({
    line: { name, runner, work },
  }) => {
    const stop = new AbortController()
    const { event: started, tell } = firstEvent()
    const run = runJobs(runner(), sleepers(60, 5), { signal: stop.signal, tell })
    const over = expect(run).rejects.toThrow('enough')
    const { process: child } = work()
    await started
    stop.abort(new Error('enough'))
    await over
    expect(await redis.keys(`${PREFIX}:${name}:job-*`)).toEqual([])
    expect(child.exitCode).toBe(null)
    // The worker and the queue are as good as before.
    const { outcomes } = await runJobs(runner(), [{ task: 'sleep', seconds: 0, n: 0 }])
    expect(outcomes).toHaveLength(1)
  })

  test('queue collects what ended while no driver was there, and adds nothing twice', async ({
    line: { name, runner, work },
  }) => {
    const first = new AbortController()
    const run = runJobs(runner(), sleepers(0, 3), {
      signal: first.signal,
      finish: () => Promise.reject(new Error('the disk is full')),
    })
    const worker = work()
    await expect(run).rejects.toThrow('the disk is full')
    await until(async () => (await redis.zcard(`${PREFIX}:${name}:completed`)) === 3)
    await endWorkers([worker])
    const { outcomes, events } = await runJobs(runner(), sleepers(0, 3))
    expect(outcomes.map(({ point }) => point.n).sort()).toEqual([0, 1, 2])
    expect(events).toEqual([])
  })

  test('queue leaves the results of jobs alone that are not of the sweep', async ({
    line: { name, runner, work },
  }) => {
    const one = runJobs(runner(), sleepers(0, 1), { finish: () => Promise.reject(new Error('x')) })
    work()
    await expect(one).rejects.toThrow('x')
    const { outcomes } = await runJobs(runner(), [{ task: 'sleep', seconds: 0, n: 7 }])
    expect(outcomes).toHaveLength(1)
    expect(await redis.zcard(`${PREFIX}:${name}:completed`)).toBe(1)
  })

  test('queue adds jobs again that Redis has lost', async ({ line: { name, runner, work } }) => {
    const run = runJobs(runner(), sleepers(0, 4))
    await until(async () => (await redis.llen(`${PREFIX}:${name}:wait`)) === 4)
    await redis.flushall()
    work()
    const { outcomes } = await run
    expect(outcomes).toHaveLength(4)
  })

  test('queue refuses a second driver, and names the first', async ({ line: { name, runner } }) => {
    const stop = new AbortController()
    const first = runJobs(runner(), sleepers(0), { signal: stop.signal })
    const refused = expect(first).rejects.toThrow('over')
    await until(() => redis.exists(`tfjs-prune:sweep:${name}:driver`))
    const second = runJobs(runner(), sleepers(0))
    await expect(second).rejects.toThrow(`process ${process.pid} of `)
    await expect(runJobs(runner(), sleepers(0))).rejects.not.toThrow('secret')
    stop.abort(new Error('over'))
    await refused
  })

  test('queue ends when another driver has taken its lock', async ({ line: { name, runner } }) => {
    const run = runJobs(runner(), sleepers(0))
    const ended = expect(run).rejects.toThrow('process 7 of elsewhere at work on it')
    const key = `tfjs-prune:sweep:${name}:driver`
    await until(() => redis.exists(key))
    await redis.set(key, JSON.stringify({ id: 'x', pid: 7, host: 'elsewhere' }))
    await ended
    expect(JSON.parse((await redis.get(key))!).pid).toBe(7)
  })

  test('queue runs a failed job again whose outcome an earlier driver stored and did not remove', async ({
    line: { name, runner, work },
  }) => {
    const fails = [{ task: 'fail', times: 1 }]
    const stored: FinishedJob[] = []
    const full = () => Promise.reject(new Error('the driver ends'))
    const keep = async (outcome: FinishedJob) => {
      stored.push(outcome)
      await full()
    }
    const first = runJobs(runner(), fails, { finish: keep })
    work()
    await expect(first).rejects.toThrow('the driver ends')
    expect(stored).toMatchObject([{ error: { message: 'bad point, try 1' } }])
    const isStored = ({ finishedAt }: FinishedJob) => finishedAt === stored[0]!.finishedAt
    const { outcomes } = await runJobs(runner(), fails, { isStored })
    expect(outcomes).toHaveLength(1)
    expect(outcomes[0]!.finishedAt).not.toBe(stored[0]!.finishedAt)
    // Nothing is left, and workers of any version may wait here.
    expect(await redis.exists(`tfjs-prune:sweep:${name}:facts`)).toBe(0)
  })

  test('queue and its errors name no password, whatever it holds', async ({ line: { name } }) => {
    expect(() => queue({ connection: 'redis://me:12/secret@localhost', name: 'study' })).toThrow(
      'got an @ in its path: write signs of a password by encodeURIComponent',
    )
    const wrong = server.url.replace('secret', 'wr0ng')
    const error = await runJobs(queue({ connection: wrong, name }), sleepers(0)).catch(
      (thrown: unknown) => thrown,
    )
    expect(String(error)).toContain('expected Redis at redis://')
    expect(inspect(error, { depth: 9 })).not.toContain('wr0ng')
  })

  test('queue takes the lock of a driver of this host over that has ended', async ({
    line: { name, runner, work },
  }) => {
    const { thisOwner } = await import('../../../src/runs/lock-owner.js')
    const ended = { ...thisOwner(), id: 'other', start: '1' }
    await redis.set(`tfjs-prune:sweep:${name}:driver`, JSON.stringify(ended), 'PX', 15_000)
    const run = runJobs(runner(), sleepers(0))
    work()
    expect((await run).outcomes).toHaveLength(1)
  })

  test('queue refuses a name under which jobs of other knobs wait', async ({
    line: { name, runner },
  }) => {
    const line = new Queue(name, { connection: redis, prefix: PREFIX })
    await line.add('job', {})
    await redis.set(
      `tfjs-prune:sweep:${name}:facts`,
      JSON.stringify({ release: 'x', knobs: ['rate', 'seed'] }),
    )
    const run = runJobs(runner(), [{ task: 'square', n: 1 }])
    await expect(run).rejects.toThrow('of the knobs n, task, got rate, seed')
  })

  test('queue goes on with jobs whose points have fewer knobs than those that are done', async ({
    line: { runner, work },
  }) => {
    const fail = () => Promise.reject(new Error('full'))
    const points = [{ task: 'sleep', seconds: 0, n: 1 }, { task: 'progress' }]
    const first = runJobs(runner(), points, { finish: fail })
    work()
    await expect(first).rejects.toThrow('full')
    const { outcomes } = await runJobs(runner(), points.slice(1))
    expect(outcomes).toMatchObject([{ rows: [{ level: 1 }, { level: 2 }] }])
  })

  test('queue and worker end on demand while Redis is gone', async () => {
    const gone = await startRedis()
    const place = { connection: gone.url, name: 'gone' }
    const stop = new AbortController()
    const { event: started, tell } = firstEvent()
    const run = runJobs(queue(place), sleepers(60), { signal: stop.signal, tell })
    const over = expect(run).rejects.toThrow('enough')
    const { process: child, ended } = startWorker({ ...place, program: programs.work })
    await started
    await gone.end()
    stop.abort(new Error('enough'))
    child.kill('SIGINT')
    await over
    expect(await ended).toBe(0)
  })

  test('a worker ends on demand where the server never answers its wish to hear of stops', async ({
    line,
  }) => {
    const deaf = await withoutSubscriptions(server)
    const stop = new AbortController()
    const { event: started, tell } = firstEvent()
    const run = runJobs(line.runner(), sleepers(60), { signal: stop.signal, tell })
    const over = expect(run).rejects.toThrow('enough')
    const place = { connection: deaf.url, name: line.name, program: programs.work }
    const { process: child, ended } = startWorker(place)
    await started
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    stop.abort(new Error('enough'))
    await over
    deaf.end()
  })

  test('queue names the address that does not answer, without the password', async () => {
    const port = await freePort()
    const away = queue({ connection: `redis://me:secret@127.0.0.1:${port}`, name: 'study' })
    const error = await runJobs(away, sleepers(0)).catch((error: Error) => error)
    expect(String(error)).toContain(`redis://127.0.0.1:${port}`)
    expect(String(error)).toContain('ECONNREFUSED')
    expect(String(error)).not.toContain('secret')
    expect(away.name).not.toContain('secret')
  })

  test('queue tells a wrong password', async () => {
    const connection = { host: '127.0.0.1', port: server.port, password: 'guess' }
    const run = runJobs(queue({ connection, name: 'study' }), sleepers(0))
    await expect(run).rejects.toThrow('WRONGPASS')
  })

  test('queue refuses a server that may drop keys', async ({ line: { runner } }) => {
    await redis.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru')
    try {
      const run = runJobs(runner(), sleepers(0))
      await expect(run).rejects.toThrow(
        'to keep all keys (maxmemory-policy noeviction), got allkeys',
      )
    } finally {
      await redis.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction')
    }
  })

  test('queue ends with an error when the memory of Redis is full, and keeps its jobs', async ({
    line: { runner, work },
  }) => {
    const { event: started, tell } = firstEvent()
    const points = [{ task: 'sleep', seconds: 1 }]
    const full = runJobs(runner(), points, { tell })
    const over = expect(full).rejects.toThrow(
      /expected memory left in Redis at redis:.+, got \d+ bytes in use of 1048576: raise maxmemory/,
    )
    work({ lockSeconds: 1 })
    await started
    await redis.config('SET', 'maxmemory', '1mb')
    try {
      await over
    } finally {
      await redis.config('SET', 'maxmemory', '0')
    }
    const { outcomes } = await runJobs(runner(), points)
    expect(outcomes).toMatchObject([{ rows: [{ slept: 1 }] }])
  })

  test('queue refuses options that are missing or wrong', () => {
    // @ts-expect-error the name is missing
    expect(() => queue({ connection: 'redis://localhost' })).toThrow(TypeError)
    expect(() => queue({ connection: 'http://:secret@localhost', name: 'a' })).toThrow(
      'expected connection to be a URL such as',
    )
    expect(() => queue({ connection: 'redis://localhost', name: 'a:b' })).toThrow(RangeError)
  })
})

describe.skipIf(skipsRedis)('worker', () => {
  test('worker refuses a module without a job, before it takes one', async ({ line: { name } }) => {
    const module = new URL('./no-job.mjs', import.meta.url).href
    const started = startWorker({
      connection: server.url,
      name,
      module,
      program: programs.work,
    })
    expect(await started.ended).toBe(1)
    expect(started.errors()).toContain('default export')
    expect(started.errors()).toContain('no-job.mjs')
  })

  test('worker refuses a queue of another version, and names both', async ({
    line: { name, work },
  }) => {
    const facts = JSON.stringify({ release: '9.9.9 (protocol 1)', knobs: [] })
    await redis.set(`tfjs-prune:sweep:${name}:facts`, facts)
    const started = work()
    expect(await started.ended).toBe(1)
    expect(started.errors()).toContain('9.9.9 (protocol 1)')
    expect(started.errors()).toMatch(/got \d+\.\d+\.\d+ \(protocol \d+\)/)
  })

  test('worker gives a job of another version back, and ends', async ({ line: { name, work } }) => {
    const line = new Queue(name, { connection: redis, prefix: PREFIX })
    await line.add('job', { key: 'a', point: {}, release: '9.9.9 (protocol 1)' })
    const started = work()
    expect(await started.ended).toBe(1)
    expect(started.errors()).toContain('9.9.9')
    expect(await line.getJobCounts('wait', 'active', 'failed')).toEqual({
      wait: 1,
      active: 0,
      failed: 0,
    })
  })

  test('worker ends with the error of its onOutcome, and the outcome reaches the driver', async ({
    line: { runner, work },
  }) => {
    const run = runJobs(runner(), [{ task: 'square', n: 3 }])
    const { ended, errors } = work({ throwsIn: 'onOutcome' })
    const { outcomes } = await run
    expect(outcomes).toMatchObject([{ rows: [{ square: 9 }], attempts: 1 }])
    expect(outcomes[0]!.error).toBeUndefined()
    expect(await ended).toBe(1)
    expect(errors()).toBe('no room for onOutcome\n')
  })

  test('worker takes the processes of its jobs with it when it is killed', async ({
    line: { runner, work },
  }) => {
    const stop = new AbortController()
    const { event: started, tell } = firstEvent()
    const run = runJobs(runner(), [{ task: 'block', seconds: 50 }], { signal: stop.signal, tell })
    const over = expect(run).rejects.toThrow('over')
    const { process: child, ended } = work()
    await started
    const children = childrenOf(child.pid!)
    expect(children).toHaveLength(1)
    child.kill('SIGKILL')
    await ended
    await until(() => children.every((pid) => !isAlive(pid)))
    stop.abort(new Error('over'))
    await over
  })
})

// They wait most of their time, so they wait side by side.
describe.skipIf(skipsRedis).concurrent('queue and worker', () => {
  test('queue tells a job that takes four workers with it as an error', async ({
    line: { runner, work },
  }) => {
    const run = runJobs(runner(), [{ task: 'killWorker' }, { task: 'square', n: 2 }])
    let isOver = false
    let last: TestWorker | undefined
    const again = async () => {
      last = work({ lockSeconds: 0.5 })
      await last.ended
      if (!isOver) await again()
    }
    const working = again()
    const { outcomes, events } = await run
    isOver = true
    await endWorkers([last!])
    await working
    const bad = outcomes.find(({ error }) => error)
    expect(outcomes).toHaveLength(2)
    expect(bad!.error!.message).toMatch(/stalled/)
    expect(events).toContainEqual({
      type: 'retried',
      key: '{"task":"killWorker"}',
      attempt: 1,
      reason: 'its worker was lost',
    })
  })

  test('queue does not wait for a server that says nothing', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const run = runJobs(queue({ connection: `redis://127.0.0.1:${port}`, name: 'a' }), sleepers(0))
    await expect(run).rejects.toThrow(`Redis at redis://127.0.0.1:${port}, got no answer in`)
    silent.close()
  })

  test('worker gives its job back on Ctrl+C, and another one runs it', async ({
    line: { runner, work },
  }) => {
    const { event: started, tell } = firstEvent()
    const run = runJobs(runner(), [{ task: 'sleep', seconds: 3, n: 0 }], { tell })
    const first = work()
    await started
    first.process.kill('SIGINT')
    expect(await first.ended).toBe(0)
    work()
    const { outcomes } = await run
    expect(outcomes).toMatchObject([{ rows: [{ slept: 3 }], attempts: 1 }])
  })

  test('worker ends with the error of its onEvent, after it gave its job back', async ({
    line: { runner, work },
  }) => {
    const run = runJobs(runner(), sleepers(2))
    const first = work({ throwsIn: 'onEvent' })
    expect(await first.ended).toBe(1)
    expect(first.errors()).toBe('no room for onEvent\n')
    work()
    const { outcomes, events } = await run
    expect(outcomes).toMatchObject([{ rows: [{ slept: 2 }], attempts: 1 }])
    expect(events.filter(({ type }) => type === 'retried')).toEqual([])
  })

  test('worker ends by itself after the time without a job', async ({ line: { runner, work } }) => {
    const run = runJobs(runner(), [{ task: 'sleep', seconds: 2, n: 0 }])
    const started = work({ idleSeconds: 1 })
    expect((await run).outcomes).toHaveLength(1)
    expect(await started.ended).toBe(0)
  })
})
