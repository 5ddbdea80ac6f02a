import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grid, inProcess, memorySweep, processes, type SweepEvent, sweep } from 'tfjs-prune/sweep'
import { expect, test } from 'vitest'
import { execArgv, isAlive, jobsIn, temporaryFolder, until } from './support.js'

const module = jobsIn('hazards')
const two = () => processes({ workers: 2, execArgv })

test('processes give the rows and errors of inProcess', async () => {
  const jobs = grid({ mode: ['ends', 'fails', 'fails once', 'is not JSON'], seed: [1, 2] })
  const options = { module, attempts: 2, backoffSeconds: 0 }
  const here = await sweep(jobs, { ...options, runner: inProcess() })
  const events: SweepEvent[] = []
  const onEvent = (event: SweepEvent) => events.push(event)
  const there = await sweep(jobs, { ...options, runner: two(), onEvent })
  expect(there.rows).toEqual(here.rows)
  expect(there.rows).toHaveLength(8)
  const factsOf = ({ failed }: typeof here) =>
    failed.map(({ key, attempts, error }) => [key, attempts, error?.name, error?.message])
  expect(factsOf(there)).toEqual(factsOf(here))
  expect(factsOf(there)).toHaveLength(4)
  const own = events.filter((event) => 'key' in event && event.key === 'mode="fails once",seed=1')
  expect(own.map(({ type }) => type)).toEqual([
    ...['started', 'retried', 'started', 'progress', 'finished'],
  ])
  const workers = new Set(events.flatMap((event) => (event.type === 'started' ? event.worker : [])))
  expect(workers.size).toBe(2)
})

test('processes try a job again whose worker was killed, and go on with the others', async () => {
  const folder = temporaryFolder()
  const jobs = grid({ mode: ['leaves once', 'ends'], seed: [1, 2, 3], folder: [folder] })
  const { rows, failed } = await sweep(jobs, { module, runner: two() })
  expect(failed).toEqual([])
  expect(rows).toHaveLength(12)
  expect(rows.map(({ attempt }) => attempt)).toEqual([2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1])
})

test('processes count a job as failed that ends its worker three times', async () => {
  const jobs = grid({ mode: ['leaves', 'ends'], seed: [1] })
  const { rows, failed } = await sweep(jobs, { module, runner: two() })
  expect(rows).toHaveLength(2)
  expect(failed).toMatchObject([{ attempts: 3, error: { name: 'LostWorker' } }])
})

test('processes end at an abort, though a job blocks its thread', async () => {
  const folder = temporaryFolder()
  const stop = new AbortController()
  const store = memorySweep()
  const jobs = grid({ mode: ['ends', 'blocks', 'hangs'], seed: [1], folder: [folder] })
  const ended = sweep(jobs, { module, runner: two(), store, signal: stop.signal })
  const ran = () => {
    try {
      return readFileSync(join(folder, 'ran.txt'), 'utf8').trim().split('\n')
    } catch {
      return []
    }
  }
  await until(() => ran().length === 3)
  stop.abort()
  await expect(ended).rejects.toThrow('expected outcomes of 3 jobs, got 1, which are kept')
  const pids = ran().map((line) => Number(line.split(' ')[1]))
  expect(pids.filter(isAlive)).toEqual([])
  expect(await store.read()).toHaveLength(1)
})

test('processes refuse flags that no process starts with', async () => {
  const runner = processes({ workers: 2, execArgv: ['--import', './no-such-file.js'] })
  const jobs = grid({ mode: ['ends'], seed: [1] })
  await expect(sweep(jobs, { module, runner })).rejects.toThrow(
    'expected a worker process to start',
  )
})

test.each<[object, string]>([
  [{}, 'expected workers to be a whole number of at least 1, got undefined'],
  [{ workers: 0 }, 'expected workers to be a whole number of at least 1, got 0'],
  [{ workers: 1, execArgv: '--x' }, 'expected a list of flags as execArgv, got "--x"'],
  [{ workers: 1, worker: 2 }, 'did you mean workers?'],
])('processes refuse the options %o', (options, message) => {
  expect(() => processes(options as never)).toThrow(message)
})
