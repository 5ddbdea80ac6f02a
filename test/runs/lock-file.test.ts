import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFile, sweepLocks } from '../../src/runs/lock-file.js'
import { lateRefusalOf } from '../support/refusal-of.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tfjs-prune-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const take = () => lockFile(path, 'store the run')
const write = (owner: object) =>
  writeFileSync(path, JSON.stringify({ id: 'before', host: hostname(), ...owner }))

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('close', resolve))
  return child.pid!
}

test('lockFile lets one in, tells the second, and lets the next in after the first', async () => {
  const release = await take()
  expect(await lateRefusalOf(take)).toBe(
    `Error: Cannot store the run: expected one writer, got a call of this process at work on it: wait for its end; if it has ended for sure, remove ${path}`,
  )
  await release()
  await (await take())()
  expect(readdirSync(folder)).toEqual([])
})

test('lockFile takes over the lock of a process that has ended', async () => {
  write({ pid: await endedProcess() })
  const release = await take()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
  await release()
  expect(readdirSync(folder)).toEqual([])
})

test.runIf(process.platform === 'linux')(
  'lockFile takes over the lock of an earlier process with the same number',
  async () => {
    for (const pid of [process.pid, process.ppid]) {
      write({ pid, start: '1' })
      await (await take())()
    }
  },
)

test('lockFile leaves the lock of a process at work, and that of another host', async () => {
  write({ pid: process.ppid })
  expect(await lateRefusalOf(take)).toContain(`got process ${process.ppid} at work on it`)
  write({ pid: await endedProcess(), host: 'elsewhere' })
  expect(await lateRefusalOf(take)).toContain('of elsewhere at work on it')
  // A container counts its processes by itself: nobody outside can tell whether one has ended.
  write({ pid: await endedProcess(), space: 'pid:[1]' })
  expect(await lateRefusalOf(take)).toContain('at work on it')
})

test('lockFile lets one of many in who find the lock of an ended process at the same time', async () => {
  for (let trial = 0; trial < 20; trial++) {
    write({ pid: await endedProcess() })
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, take))
    const taken = outcomes.filter(({ status }) => status === 'fulfilled')
    expect(taken.length).toBeLessThanOrEqual(1)
    for (const one of outcomes) if (one.status === 'fulfilled') await one.value()
    rmSync(path, { force: true })
  }
})

test('lockFile goes on where a taker of a lock was killed, and sweepLocks removes the rest', async () => {
  const pid = await endedProcess()
  write({ pid })
  writeFileSync(`${path}-before`, JSON.stringify({ id: 'taker', host: hostname(), pid }))
  writeFileSync(`${path}-older`, JSON.stringify({ id: 'older', host: hostname(), pid }))
  const release = await take()
  await sweepLocks(path, 'store the run')
  expect(readdirSync(folder)).toEqual(['lock'])
  await release()
})

test('lockFile names a lock that it cannot read', async () => {
  writeFileSync(path, '{')
  expect(await lateRefusalOf(take)).toContain(`expected a lock with its owner in ${path}`)
})
