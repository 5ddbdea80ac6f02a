// Jobs of simulated length in this process, in processes and from a queue with a Redis of its own:
// jobs a second, and the share of the ideal, by workers. Then the queue alone: commands of Redis and
// bytes a job, and 100,000 jobs. `queue-kills`: a long sweep on which kill -9 falls.
import { grid, inProcess, processes, queue, type Runner, sweep } from 'tfjs-prune/sweep'
import { buildPrograms, type Programs } from '../test/sweep/build-programs.js'
import { startRedis, type TestRedis } from '../test/sweep/queue/start-redis.js'
import { endWorkers, JOBS, startWorker } from '../test/sweep/queue/start-worker.js'
import { queueLimits } from './support/queue-limits.js'

// Node's own flags for the processes: the sources are TypeScript.
const execArgv = ['--import', 'tsx']
const WORKERS = [1, 2, 4, 8]
const SECONDS = [1, 0.1, 0.01, 0]
/** A run takes about so long where all is ideal. */
const RUN_SECONDS = 5
const MOST_JOBS = 1000

/** Prints a line for each length, way and number of workers. */
export async function run(): Promise<void> {
  const [redis, programs] = await Promise.all([startRedis({ flush: 'everysec' }), buildPrograms()])
  try {
    for (const seconds of SECONDS) {
      await measure({ way: 'here', workers: 1, seconds }, inProcess())
      for (const workers of WORKERS) {
        await measure({ way: 'processes', workers, seconds }, processes({ workers, execArgv }))
      }
      for (const workers of WORKERS) await measureQueue(redis, programs, { workers, seconds })
    }
    await queueLimits(redis, programs)
  } finally {
    await redis.end()
    programs.remove()
  }
}

interface Setting {
  readonly way: 'here' | 'processes' | 'queue'
  readonly workers: number
  readonly seconds: number
}

async function measureQueue(
  { url }: TestRedis,
  { work }: Programs,
  { workers, seconds }: Omit<Setting, 'way'>,
): Promise<void> {
  const place = { connection: url, name: `bench-${workers}-${seconds}` }
  const all = Array.from({ length: workers }, () =>
    startWorker({ ...place, program: work, lockSeconds: 8 }),
  )
  try {
    await measure({ way: 'queue', workers, seconds }, queue(place))
  } finally {
    await endWorkers(all)
  }
}

/** Measures from the moment when each worker has begun a job. */
async function measure(setting: Setting, runner: Runner): Promise<void> {
  const { workers, seconds } = setting
  const length = Math.max(seconds, RUN_SECONDS / MOST_JOBS)
  const count = Math.min(MOST_JOBS, Math.ceil((RUN_SECONDS * workers) / length))
  const jobs = grid({ task: ['sleep'], seconds: [seconds], n: range(count) })
  const seen = new Set<string>()
  const start = performance.now()
  let [from, done] = [start, 0]
  await sweep(jobs, {
    module: JOBS,
    runner,
    onEvent: (event) => {
      if (event.type === 'finished') done++
      if (event.type !== 'started' || seen.has(event.worker)) return
      seen.add(event.worker)
      ;[from, done] = [performance.now(), 0]
    },
  })
  const took = (performance.now() - from) / 1000
  const perSecond = done / took
  console.log(
    JSON.stringify({
      ...{ bench: 'sweep', ...setting, jobs: count, busy: seen.size },
      startSeconds: round((from - start) / 1000),
      perSecond: round(perSecond),
      ...(seconds > 0 && { efficiency: round((perSecond * seconds) / workers) }),
    }),
  )
}

const range = (count: number) => Array.from({ length: count }, (_, n) => n)
const round = (value: number) => Number(value.toPrecision(3))
