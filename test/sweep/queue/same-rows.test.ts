import { afterAll, beforeAll, expect, test } from 'vitest'
import { grid, inProcess, processes, queue, sweep } from '../../../src/sweep/index.js'
import { buildPrograms, type Programs } from '../build-programs.js'
import { skipsRedis, startRedis, type TestRedis } from './start-redis.js'
import { endWorkers, JOBS, startWorker } from './start-worker.js'

let server: TestRedis
let programs: Programs

beforeAll(async () => {
  if (skipsRedis) return
  ;[server, programs] = await Promise.all([startRedis(), buildPrograms()])
})
afterAll(async () => {
  if (skipsRedis) return
  await server.end()
  programs.remove()
})

test.skipIf(skipsRedis)('queue with two workers gives the rows of processes', async () => {
  const jobs = grid({ task: ['square', 'progress'], n: [1, 2, 3, 4, 5, 6] })
  const place = { connection: server.url, name: 'same' }
  const workers = [1, 2].map(() => startWorker({ ...place, program: programs.work }))
  const runners = [
    inProcess(),
    processes({ workers: 2, execArgv: ['--import', 'tsx'] }),
    queue(place),
  ]
  try {
    const swept = await Promise.all(runners.map((runner) => sweep(jobs, { module: JOBS, runner })))
    const [here, inProcesses, fromQueue] = swept.map(({ rows }) => rows)
    expect(here).toHaveLength(18)
    expect(here![0]).toEqual({ task: 'square', n: 1, square: 1 })
    expect(inProcesses).toEqual(here)
    expect(fromQueue).toEqual(here)
  } finally {
    await endWorkers(workers)
  }
})
