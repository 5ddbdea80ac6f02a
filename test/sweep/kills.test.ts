import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grid, readRows, sweep } from 'tfjs-prune/sweep'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomStream } from '../../src/internal/random.js'
import { buildPrograms, type Programs } from './build-programs.js'
import { isAlive, temporaryFolder, until } from './support.js'

const JOBS = 200

let programs: Programs
beforeAll(async () => {
  programs = await buildPrograms()
})
afterAll(() => programs.remove())

interface End {
  readonly text: string
  readonly signal: string | null
}

/** Runs a driver, which is killed so many milliseconds after so many jobs have run. */
async function drive(
  folder: string,
  workers: number,
  kill?: { readonly after: number; readonly jobs: number },
): Promise<End> {
  const args = [programs.driver, folder, `${JOBS}`, `${workers}`]
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    text += chunk
  })
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk
  })
  const exit = new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)))
  if (kill) {
    const before = ranIn(folder).length
    await until(() => ranIn(folder).length >= before + kill.jobs || child.exitCode !== null)
    setTimeout(() => child.kill('SIGKILL'), kill.after)
  }
  const signal = await exit
  return { text, signal }
}

const ranIn = (folder: string): readonly (readonly [index: number, pid: number])[] => {
  const file = join(folder, 'ran.txt')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  return lines.map((line) => line.split(' ').map(Number) as [number, number])
}

const indices = Array.from({ length: JOBS }, (_, index) => index)

test('sweep has each job once after its driver was killed at random moments', async () => {
  const folder = temporaryFolder()
  const { uniform } = randomStream(7)
  const kills = 4
  for (let kill = 0; kill < kills; kill++) {
    const { signal } = await drive(folder, 0, { jobs: 5, after: uniform() * 150 })
    expect(signal).toBe('SIGKILL')
  }
  const end = await drive(folder, 0)
  expect(JSON.parse(end.text.trim().split('\n').at(-1)!)).toMatchObject({ rows: JOBS })
  const rows = await readRows(join(folder, 'rows'))
  expect(rows.map(({ index }) => index)).toEqual(indices)
  // Each kill may cost the one job that ran.
  expect(ranIn(folder).length).toBeLessThanOrEqual(JOBS + kills)
})

test('processes end with their killed driver, and none of its jobs is lost or doubled', async () => {
  const folder = temporaryFolder()
  const killed = await drive(folder, 2, { jobs: 20, after: 10 })
  expect(killed.signal).toBe('SIGKILL')
  const pids = new Set(ranIn(folder).map(([, pid]) => pid))
  await until(() => [...pids].every((pid) => !isAlive(pid)))
  const kept = (await readRows(join(folder, 'rows'))).length
  expect(kept).toBeGreaterThan(0)
  const { text } = await drive(folder, 2)
  expect(JSON.parse(text.trim().split('\n').at(-1)!)).toEqual({ rows: JOBS, skipped: kept })
  const rows = await readRows(join(folder, 'rows'))
  expect(rows.map(({ index }) => Number(index)).sort((a, b) => a - b)).toEqual(indices)
  expect(ranIn(folder).length).toBeLessThanOrEqual(JOBS + 2)
})

test('processes end with their killed driver, though a job blocks its thread', async () => {
  const folder = temporaryFolder()
  const driver = spawn(process.execPath, [programs.blockedDriver, folder], { stdio: 'ignore' })
  await until(() => ranIn(folder).length === 1)
  const [[, pid]] = ranIn(folder) as [readonly [number, number]]
  expect(isAlive(pid)).toBe(true)
  driver.kill('SIGKILL')
  await until(() => !isAlive(pid))
})

test('sweep refuses a folder at which another process drives', async () => {
  const folder = temporaryFolder()
  const running = drive(folder, 0)
  await until(() => ranIn(folder).length > 0)
  const store = join(folder, 'rows')
  const second = sweep(grid({ index: [1], folder: ['.'] }), { module: () => ({}), store })
  await expect(second).rejects.toThrow(/expected one writer, got process \d+ at work on it/)
  expect(JSON.parse((await running).text.trim().split('\n').at(-1)!)).toMatchObject({ rows: JOBS })
})

test('folderSweep ends with a whole line where the disk takes no more', async () => {
  const folder = temporaryFolder()
  const script = 'ulimit -f 16; exec "$@"' // files of at most 16 kB
  const words = ['-c', script, 'bash', process.execPath, programs.driver, folder, `${JOBS}`, '0']
  const { status, stderr } = spawnSync('bash', words, { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toContain('expected to write')
  const kept = (await readRows(join(folder, 'rows'))).length
  expect(kept).toBeGreaterThan(20)
  expect(readFileSync(join(folder, 'rows', 'rows.jsonl'), 'utf8').endsWith('}\n')).toBe(true)
  const { text } = await drive(folder, 0)
  expect(JSON.parse(text.trim().split('\n').at(-1)!)).toEqual({ rows: JOBS, skipped: kept })
})

test('sweep loses no job to workers that are killed at random moments', async () => {
  const folder = temporaryFolder()
  const { uniform } = randomStream(3)
  const running = drive(folder, 3)
  let [isOver, kills] = [false, 0]
  void running.then(() => {
    isOver = true
  })
  while (!isOver && kills < 6) {
    await new Promise((resolve) => setTimeout(resolve, 100 + 300 * uniform()))
    const pids = [
      ...new Set(
        ranIn(folder)
          .slice(-20)
          .map(([, pid]) => pid),
      ),
    ].filter(isAlive)
    const pid = pids[Math.floor(uniform() * pids.length)]
    if (pid === undefined) continue
    process.kill(pid, 'SIGKILL')
    kills++
  }
  const { text } = await running
  expect(kills).toBeGreaterThan(0)
  expect(JSON.parse(text.trim().split('\n').at(-1)!)).toEqual({ rows: JOBS, skipped: 0 })
  const rows = await readRows(join(folder, 'rows'))
  expect(rows.map(({ index }) => Number(index)).sort((a, b) => a - b)).toEqual(indices)
  expect(ranIn(folder).length).toBeLessThanOrEqual(JOBS + kills)
})
