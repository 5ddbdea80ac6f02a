import { Redis } from 'ioredis'
import { grid, queue, sweep } from 'tfjs-prune/sweep'
import type { Programs } from '../../test/sweep/build-programs.js'
import type { TestRedis } from '../../test/sweep/queue/start-redis.js'
import { endWorkers, JOBS, startWorker } from '../../test/sweep/queue/start-worker.js'

const MANY = 100_000
const FEW = 2000

/** Prints the cost of a job in commands of Redis, and that of a queue of 100,000 jobs. */
export async function queueLimits({ url }: TestRedis, { work }: Programs): Promise<void> {
  const redis = new Redis(url)
  try {
    await commandsOfJobs(redis, { url, work })
    await manyJobs(redis, url)
  } finally {
    redis.disconnect()
  }
}

const number = async (redis: Redis, section: string, name: string) =>
  Number(new RegExp(`${name}[:=](\\d+)`).exec(await redis.info(section))![1])
/** Commands, those within scripts too, and calls of scripts. */
const counts = async (redis: Redis) => ({
  commands: await number(redis, 'stats', 'total_commands_processed'),
  scripts: await number(redis, 'commandstats', 'cmdstat_evalsha:calls'),
})

async function commandsOfJobs(redis: Redis, { url, work }: { url: string; work: string }) {
  const place = { connection: url, name: 'commands' }
  const workers = [1, 2].map(() => startWorker({ ...place, program: work }))
  const runner = queue(place)
  const jobsOf = (count: number, from: number) =>
    grid({ task: ['square'], n: Array.from({ length: count }, (_, n) => from + n) })
  try {
    await sweep(jobsOf(20, 0), { module: JOBS, runner })
    const before = await counts(redis)
    const start = performance.now()
    await sweep(jobsOf(FEW, 100), { module: JOBS, runner })
    const seconds = (performance.now() - start) / 1000
    const after = await counts(redis)
    const perJob = {
      commands: (after.commands - before.commands) / FEW,
      scripts: (after.scripts - before.scripts) / FEW,
    }
    const facts = { ...perJob, perSecond: FEW / seconds, workers: 2 }
    console.log(JSON.stringify({ bench: 'sweep-commands', jobs: FEW, ...facts }))
  } finally {
    await endWorkers(workers)
  }
}

/** A driver without workers: it adds the jobs, and takes them out again when it is aborted. */
async function manyJobs(redis: Redis, url: string) {
  const stop = new AbortController()
  const jobs = grid({
    ...{ set: ['melanoma', 'crack'], system: ['plain', 'recipe'], level: [1, 2, 3, 4, 5] },
    seed: Array.from({ length: MANY / 20 }, (_, seed) => seed),
  })
  const before = await number(redis, 'memory', 'used_memory')
  const start = performance.now()
  const runner = queue({ connection: url, name: 'many' })
  const swept = sweep(jobs, { module: JOBS, runner, signal: stop.signal }).catch(() => {})
  while ((await redis.llen('tfjs-prune:queue:many:wait')) < MANY)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const addSeconds = (performance.now() - start) / 1000
  const bytes = (await number(redis, 'memory', 'used_memory')) - before
  const abort = performance.now()
  stop.abort(new Error('enough'))
  await swept
  const stopSeconds = (performance.now() - abort) / 1000
  const left = await redis.llen('tfjs-prune:queue:many:wait')
  const facts = { addSeconds, bytesPerJob: bytes / MANY, stopSeconds, left }
  console.log(JSON.stringify({ bench: 'sweep-many', jobs: MANY, ...facts }))
}
