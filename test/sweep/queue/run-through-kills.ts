import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FinishedJob } from '../../../src/sweep/finished-job.js'
import { buildPrograms } from '../build-programs.js'
import { startRedis } from './start-redis.js'
import { endWorkers, JOBS, startWorker, type TestWorker } from './start-worker.js'

/** A sweep on which things fall. */
export interface KillsOptions {
  readonly jobs: number
  readonly workers: number
  /** Seconds that a job takes. */
  readonly seconds: number
  /** How it goes wrong, in turn. */
  readonly blows: readonly ('worker' | 'driver' | 'redis')[]
  /** Milliseconds from one blow to the next, drawn between the two. */
  readonly between: readonly [number, number]
  /** Draws numbers in [0, 1). */
  readonly random: () => number
}

/** The end of such a sweep. */
export interface KillsOutcome {
  /** All lines of the store, in its order. */
  readonly outcomes: readonly FinishedJob[]
  /** How often each job was begun, by its key. */
  readonly starts: ReadonlyMap<string, number>
  readonly seconds: number
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Runs a sweep from a queue; workers, drivers and Redis are killed with -9 and started anew. */
export async function runThroughKills(options: KillsOptions): Promise<KillsOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'kills-'))
  const store = join(folder, 'rows')
  const starts = join(folder, 'starts.txt')
  const [redis, programs] = await Promise.all([startRedis(), buildPrograms()])
  const begin = performance.now()
  const queue = { connection: redis.url, name: 'kills' }
  const work = () => startWorker({ ...queue, lockSeconds: 1, program: programs.work, starts })
  const { jobs, seconds } = options
  const points = Array.from({ length: jobs }, (_, n) => ({ task: 'sleep', seconds, n }))
  const drive = () => startDriver(programs.drive, { ...queue, points, store, module: JOBS })
  const workers = Array.from({ length: options.workers }, work)
  const field: Field = { workers, driver: drive(), work, drive, restart: () => redis.restart(300) }
  try {
    while (!existsSync(starts)) await later(50)
    await strike(field, options)
    const code = await field.driver.ended
    if (code !== 0) throw new Error(`The last driver ended with ${code}`)
    return {
      outcomes: linesOf(join(store, 'rows.jsonl')).map((line) => JSON.parse(line)),
      starts: counts(linesOf(starts).map((line) => line.slice(0, line.lastIndexOf(' ')))),
      seconds: (performance.now() - begin) / 1000,
    }
  } finally {
    field.driver.process.kill('SIGKILL')
    await endWorkers(field.workers)
    await redis.end()
    programs.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Driver {
  readonly process: ChildProcess
  readonly ended: Promise<number | string>
}

interface Field {
  readonly workers: TestWorker[]
  driver: Driver
  readonly work: () => TestWorker
  readonly drive: () => Driver
  readonly restart: () => Promise<void>
}

async function strike(field: Field, { blows, between, random }: KillsOptions): Promise<void> {
  const [least, most] = between
  for (const blow of blows) {
    await later(least + random() * (most - least))
    if (blow === 'redis') await field.restart()
    if (blow === 'driver') {
      field.driver.process.kill('SIGKILL')
      await field.driver.ended
      field.driver = field.drive()
    }
    if (blow === 'worker') {
      const place = Math.floor(random() * field.workers.length)
      field.workers[place]!.process.kill('SIGKILL')
      field.workers[place] = field.work()
    }
  }
}

function startDriver(program: string, options: object): Driver {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code!)),
  )
  return { process: child, ended }
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean)

function counts(keys: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1)
  return found
}
